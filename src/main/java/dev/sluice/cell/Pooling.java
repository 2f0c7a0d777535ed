package dev.sluice.cell;

/**
 * How what a {@link SequenceStack} says of each token becomes what is said of the whole sequence: W
 * floats from W floats a token. Of a sequence without tokens, zeros.
 */
public sealed interface Pooling {

  /** Most units of attention. */
  int MAX_UNITS = 4096;

  /** Returns what it is called in topologies and artifacts. */
  String id();

  /** Checks that it can read {@code width} floats a token. */
  void check(int width);

  /**
   * Attention: Σ a_t h_t, where a = softmax over the sequence's tokens of {@code query · tanh(W h_t
   * + b)} (Bahdanau et al. 2015, Yang et al. 2016).
   *
   * @param weights row-major, shape (A, W); owned
   * @param bias shape (A); owned
   * @param query shape (A); owned
   */
  record Additive(float[] weights, float[] bias, float[] query) implements Pooling {

    /** Checks shapes and numbers. */
    public Additive {
      int units = query.length;
      if (units < 1 || units > MAX_UNITS) {
        throw new IllegalArgumentException(
            "attention of " + units + " units. Give 1 to " + MAX_UNITS);
      }
      Weights.check("attention.weight", weights, units, Math.max(1, weights.length / units));
      Weights.check("attention.bias", bias, units, 1);
      Weights.check("attention.query", query, units, 1);
    }

    @Override
    public String id() {
      return "additive";
    }

    @Override
    public void check(int width) {
      require(weights.length / query.length, width);
    }
  }

  /**
   * Attention whose scores are {@code query · h_t}.
   *
   * @param query shape (W); owned
   */
  record Dot(float[] query) implements Pooling {

    /** Checks the numbers. */
    public Dot {
      Weights.check("attention.query", query, query.length, 1);
    }

    @Override
    public String id() {
      return "dot";
    }

    @Override
    public void check(int width) {
      require(query.length, width);
    }
  }

  /** Poolings that learn nothing. */
  enum Plain implements Pooling {
    /** What each direction says of the token it reads last. */
    LAST("last"),
    /** The mean over the tokens. */
    MEAN("mean"),
    /** The largest value among the tokens, float by float. */
    MAX("max");

    private final String id;

    Plain(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public void check(int width) {
      // Any width will do.
    }
  }

  private static void require(int found, int width) {
    if (found != width) {
      throw new IllegalArgumentException(
          "the attention reads "
              + found
              + " floats a token, the layers have "
              + width
              + ". Give a pooling that fits the layers");
    }
  }
}
