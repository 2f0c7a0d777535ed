package dev.sluice.config;

/**
 * The {@code training} section: how a model is learned from history.
 *
 * @param window events a window of truncated backpropagation spans, 1 to 4096
 * @param batch windows trained together, 1 to 4096
 * @param epochs passes over the history at most, 1 to 10,000
 * @param learningRate step size of Adam, above 0 and up to 1
 * @param clipNorm largest Euclidean norm of a gradient, above 0 and up to 1000
 * @param patience epochs without progress on the held-out part after which to stop, 1 to 1000
 * @param dropout share of units silenced between layers, 0 to 0.9
 * @param validation share of the history, its latest part, that is held out, 0.01 to 0.5
 * @param split where that part begins
 * @param seed of everything random, 0 to 2^53 - 1 (what JSON carries exactly)
 */
public record Training(
    int window,
    int batch,
    int epochs,
    double learningRate,
    double clipNorm,
    int patience,
    double dropout,
    double validation,
    SplitBy split,
    long seed) {

  /** Where the part that is held out begins. */
  public enum SplitBy {
    /** At one time for all keys: what a stream would be, learned from up to that moment. */
    TIME,
    /** At each key's own: for keys that lived at different times, such as recorded series. */
    KEY
  }

  private static final int MAX_WINDOW = 4096;
  private static final int MAX_BATCH = 4096;
  private static final int MAX_EPOCHS = 10_000;
  private static final double MAX_LEARNING_RATE = 1;
  private static final double MAX_CLIP_NORM = 1000;
  private static final int MAX_PATIENCE = 1000;
  private static final double MAX_DROPOUT = 0.9;
  private static final double MIN_VALIDATION = 0.01;
  private static final double MAX_VALIDATION = 0.5;
  private static final long MAX_SEED = (1L << 53) - 1;

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Training {
    new Check("training")
        .whole("window", window, 1, MAX_WINDOW)
        .whole("batch", batch, 1, MAX_BATCH)
        .whole("epochs", epochs, 1, MAX_EPOCHS)
        .above("learningRate", learningRate, 0, MAX_LEARNING_RATE)
        .above("clipNorm", clipNorm, 0, MAX_CLIP_NORM)
        .whole("patience", patience, 1, MAX_PATIENCE)
        .number("dropout", dropout, 0, MAX_DROPOUT)
        .number("validation", validation, MIN_VALIDATION, MAX_VALIDATION)
        .whole("seed", seed, 0, MAX_SEED)
        .done();
  }

  /** What a file without this section means. */
  public static Training defaults() {
    return new Training(
        Defaults.WINDOW,
        Defaults.BATCH,
        Defaults.EPOCHS,
        Defaults.LEARNING_RATE,
        Defaults.CLIP_NORM,
        Defaults.PATIENCE,
        Defaults.DROPOUT,
        Defaults.VALIDATION,
        SplitBy.TIME,
        Defaults.SEED);
  }
}
