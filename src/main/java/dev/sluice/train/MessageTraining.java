package dev.sluice.train;

/**
 * How a model of messages is trained.
 *
 * @param epochs most passes over the training part; the learning rate falls to 0 over them
 * @param patience epochs without a better one after which training ends
 * @param batch messages of a step
 * @param learningRate of Adam in the first step
 * @param clipNorm most length of a gradient
 * @param dropout what is dropped
 * @param smoothing share of a label's mass spread over all labels, 0 up to but not 1
 * @param validation share of the messages that only choose the epoch
 */
public record MessageTraining(
    int epochs,
    int patience,
    int batch,
    double learningRate,
    double clipNorm,
    Dropout dropout,
    double smoothing,
    double validation) {

  /** Checks the ranges. */
  public MessageTraining {
    require("epochs", epochs, epochs >= 1);
    require("patience", patience, patience >= 1);
    require("batch", batch, batch >= 1 && batch <= 4096);
    require("smoothing", smoothing, smoothing >= 0 && smoothing < 1);
    require("validation", validation, validation > 0 && validation < 1);
  }

  /**
   * Rates, each 0 up to but not 1.
   *
   * @param words at which what is looked up of a token is taken for unknown, so that the unknown
   *     word is learned
   * @param inputs of the embeddings
   * @param layers between layers
   * @param heads of what the heads read
   */
  public record Dropout(double words, double inputs, double layers, double heads) {

    /** Checks the ranges. */
    public Dropout {
      require("dropout of words", words, words >= 0 && words < 1);
      require("dropout of inputs", inputs, inputs >= 0 && inputs < 1);
      require("dropout of layers", layers, layers >= 0 && layers < 1);
      require("dropout of heads", heads, heads >= 0 && heads < 1);
    }
  }

  private static void require(String name, double value, boolean holds) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " is out of range");
    }
  }
}
