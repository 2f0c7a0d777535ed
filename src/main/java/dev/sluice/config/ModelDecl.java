package dev.sluice.config;

/**
 * The {@code model} section: an LSTM, and what it predicts.
 *
 * @param id what its versions are published under; by default the topology's name
 * @param hidden units of a layer, 1 to 4096; a key costs 8 bytes a unit and layer
 * @param layers 1 to 8
 * @param weights what a model's weights are while it scores
 * @param start what scores before a version was published
 * @param predict what it foretells
 */
public record ModelDecl(
    String id, int hidden, int layers, WeightFormat weights, Start start, Prediction predict) {

  /** What weights are while a model scores; training and artifacts have floats. */
  public enum WeightFormat {
    /** As they were trained. */
    FLOAT32,
    /** Rounded, in large layers, so that a step reads half the bytes. */
    INT16
  }

  /** What scores while no version was published yet. */
  public enum Start {
    /** Nothing: the stream waits. */
    WAIT,
    /** The model that is shipped, which is published as the first version. */
    GENERAL
  }

  private static final int MAX_HIDDEN = 4096;
  private static final int MAX_LAYERS = 8;

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public ModelDecl {
    new Check("model")
        .name("id", id)
        .whole("hidden", hidden, 1, MAX_HIDDEN)
        .whole("layers", layers, 1, MAX_LAYERS)
        .done();
  }

  /** A model of default size. */
  public static ModelDecl of(String id, Prediction predict) {
    return new ModelDecl(
        id, Defaults.HIDDEN, Defaults.LAYERS, WeightFormat.FLOAT32, Start.WAIT, predict);
  }
}
