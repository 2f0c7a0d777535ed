package dev.sluice.head;

/**
 * A value as a categorical distribution over bins: free to be skewed or to have several peaks.
 *
 * <p>A value near the edge of its bin belongs to the neighbours, too. Training therefore spreads
 * its target over them with a Gaussian of one bin ({@link #NEIGHBOURS}), and the surprise is -ln of
 * the probability weighted the same way, which does not jump when a value crosses an edge.
 */
public final class BinHead implements Head {

  /** Weights of a target over its own bin and three to each side; they add up to 1. */
  private static final double[] NEIGHBOURS = gaussian(3);

  /** Bins over which the mass beyond the outermost edges falls to 1/e. */
  private static final double TAIL_BINS = 4;

  private static final double HALF = 0.5;

  /** Halvings that find a level of probability to 1e-9. */
  private static final int LEVEL_STEPS = 30;

  private final String field;
  private final int view;
  private final Linear linear;
  private final Bins bins;
  private final double[] middles; // Of the bins.

  /**
   * Creates a head.
   *
   * @param field the feature that is predicted
   * @param view which of its scales it is measured by, from 0
   * @param linear the layer below, with an output for each bin
   * @param bins the axis
   */
  public BinHead(String field, int view, Linear linear, Bins bins) {
    this.field = field;
    this.view = view;
    this.linear = linear;
    this.bins = bins;
    this.middles = new double[bins.count()];
    for (int bin = 0; bin < middles.length; bin++) {
      middles[bin] = bins.edge(bin + 0.5);
    }
    if (linear.outputs() != bins.count()) {
      throw new IllegalArgumentException(
          "head: " + linear.outputs() + " outputs for " + bins.count() + " bins");
    }
  }

  /** Creates a head of a value that has one scale. */
  public BinHead(String field, Linear linear, Bins bins) {
    this(field, 0, linear, bins);
  }

  private static double[] gaussian(int reach) {
    double[] weights = new double[2 * reach + 1];
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      double distance = i - reach;
      weights[i] = StrictMath.exp(-distance * distance / 2);
      sum += weights[i];
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= sum;
    }
    return weights;
  }

  /** Returns the axis. */
  public Bins bins() {
    return bins;
  }

  @Override
  public String field() {
    return field;
  }

  @Override
  public int view() {
    return view;
  }

  @Override
  public Linear linear() {
    return linear;
  }

  @Override
  public boolean isSoftmax() {
    return true;
  }

  /**
   * Writes the distribution that training aims at for {@code value}: weights of the bins around it.
   *
   * @param target shape (bins) from {@code at} on, all zero; weights are added
   */
  public void spread(double value, float[] target, int at) {
    addNeighbours(value, 1, target, at);
  }

  private void addNeighbours(double value, float factor, float[] to, int at) {
    int reach = NEIGHBOURS.length / 2;
    int bin = bins.of(value);
    for (int i = 0; i < NEIGHBOURS.length; i++) {
      to[at + inside(bin + i - reach)] += factor * (float) NEIGHBOURS[i];
    }
  }

  @Override
  public void judge(float[] outputs, int at, double target, Judgement into) {
    expect(outputs, at, into);
    int reach = NEIGHBOURS.length / 2;
    int bin = bins.of(target);
    double probability = 0;
    for (int i = 0; i < NEIGHBOURS.length; i++) {
      probability += NEIGHBOURS[i] * outputs[at + inside(bin + i - reach)];
    }
    into.surprise = Judgement.nats(probability) + beyond(target);
  }

  /**
   * The first and the last bin reach to infinity; their mass is taken to thin out exponentially, so
   * that a value is the more surprising the further out it is.
   */
  private double beyond(double target) {
    double outside = StrictMath.max(bins.low() - target, target - bins.high());
    double nats = outside / (bins.width() * TAIL_BINS);
    return StrictMath.max(0, StrictMath.min(Judgement.MOST_BEYOND, nats));
  }

  /**
   * The mean and both quantiles in one walk: the two sums do not wait for each other, and each adds
   * up in the order of the bins.
   */
  @Override
  public void expect(float[] outputs, int at, Judgement into) {
    double mean = 0;
    double below = 0;
    int low = -1;
    int high = -1;
    double belowLow = 0;
    double belowHigh = 0;
    double upper = 1 - into.tail;
    for (int bin = 0; bin < middles.length; bin++) {
      double here = outputs[at + bin];
      mean += here * middles[bin];
      if (low < 0 && below + here >= into.tail && here > 0) {
        low = bin;
        belowLow = below;
      }
      if (high < 0 && below + here >= upper && here > 0) {
        high = bin;
        belowHigh = below;
      }
      below += here;
    }
    into.expect(
        mean,
        low < 0 ? bins.high() : within(low, into.tail - belowLow, outputs[at + low]),
        high < 0 ? bins.high() : within(high, upper - belowHigh, outputs[at + high]));
  }

  /**
   * Returns the value that is exceeded as often as not, in units of the scale: where the mean error
   * is least.
   *
   * @param outputs probabilities from {@code at} on
   */
  public double median(float[] outputs, int at) {
    double below = 0;
    for (int bin = 0; bin < middles.length; bin++) {
      double here = outputs[at + bin];
      if (below + here >= HALF && here > 0) {
        return within(bin, HALF - below, here);
      }
      below += here;
    }
    return bins.high();
  }

  /** Within a bin the mass is taken to be spread evenly. */
  private double within(int bin, double mass, double all) {
    return bins.edge(bin + mass / all);
  }

  @Override
  public double nearestNormal(float[] outputs, int at, double target, Judgement interval) {
    double least = leastOfThoseHolding(1 - 2 * interval.tail, outputs, at);
    double nearest = target;
    double distance = Double.POSITIVE_INFINITY;
    for (int bin = 0; bin < middles.length; bin++) {
      double inBin = StrictMath.max(bins.edge(bin), StrictMath.min(bins.edge(bin + 1.0), target));
      double itsDistance = StrictMath.abs(inBin - target);
      if (outputs[at + bin] >= least && itsDistance < distance) {
        nearest = inBin;
        distance = itsDistance;
      }
    }
    return nearest;
  }

  /** Returns a probability such that the bins that have it or more hold {@code mass} together. */
  private double leastOfThoseHolding(double mass, float[] outputs, int at) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < LEVEL_STEPS; i++) {
      double middle = (low + high) / 2;
      double held = 0;
      for (int bin = 0; bin < middles.length; bin++) {
        held += outputs[at + bin] >= middle ? outputs[at + bin] : 0;
      }
      if (held >= mass) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public void slope(float[] outputs, double target, float[] into) {
    System.arraycopy(outputs, 0, into, 0, bins.count());
    addNeighbours(target, -1, into, 0);
  }

  private int inside(int bin) {
    return bin < 0 ? 0 : bin >= bins.count() ? bins.count() - 1 : bin;
  }
}
