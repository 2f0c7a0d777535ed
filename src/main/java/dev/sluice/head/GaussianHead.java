package dev.sluice.head;

/**
 * A value as a Gaussian: output 0 is its mean, output 1 the logarithm of its deviation, both in
 * units of the value's scale.
 */
public final class GaussianHead implements Head {

  /** The logarithm of the deviation is held within ± this. */
  public static final double LOG_DEVIATION_LIMIT = 7;

  /** As much as that of a value far outside all bins: one glitch must not set a record for ever. */
  public static final double MOST_SURPRISE = Judgement.nats(0) + Judgement.MOST_BEYOND;

  private static final double MOST_DISTANCE = 4;

  private static final double HALF_LOG_TWO_PI = 0.5 * StrictMath.log(2 * StrictMath.PI);

  private final String field;
  private final int view;
  private final Linear linear;

  /**
   * Creates a head.
   *
   * @param field the feature that is predicted
   * @param view which of its scales it is measured by, from 0
   * @param linear the layer below, with two outputs
   */
  public GaussianHead(String field, int view, Linear linear) {
    this.field = field;
    this.view = view;
    this.linear = linear;
    if (linear.outputs() != 2) {
      throw new IllegalArgumentException(
          "head: " + linear.outputs() + " outputs, a Gaussian has 2");
    }
  }

  /** Creates a head of a value that has one scale. */
  public GaussianHead(String field, Linear linear) {
    this(field, 0, linear);
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
    return false;
  }

  @Override
  public void judge(float[] outputs, int at, double target, Judgement into) {
    expect(outputs, at, into);
    double log = logDeviation(outputs[at + 1]);
    double distance = (target - into.expected) / StrictMath.exp(log);
    double nats = distance * distance / 2 + log + HALF_LOG_TWO_PI;
    // Compared so that NaN stays NaN and is seen.
    into.surprise = nats > MOST_SURPRISE ? MOST_SURPRISE : nats;
  }

  @Override
  public void expect(float[] outputs, int at, Judgement into) {
    double deviation = StrictMath.exp(logDeviation(outputs[at + 1]));
    double mean = outputs[at];
    into.expect(mean, mean - into.reach * deviation, mean + into.reach * deviation);
  }

  @Override
  public double nearestNormal(float[] outputs, int at, double target, Judgement interval) {
    expect(outputs, at, interval);
    return StrictMath.max(interval.low, StrictMath.min(interval.high, target));
  }

  /**
   * A value further out than {@value #MOST_DISTANCE} deviations counts as being there. Beyond its
   * limits the deviation can only be pulled back, or a correction would drift without end.
   */
  @Override
  public void slope(float[] outputs, double target, float[] into) {
    double log = logDeviation(outputs[1]);
    double deviation = StrictMath.exp(log);
    double distance = (target - outputs[0]) / deviation;
    double near = StrictMath.max(-MOST_DISTANCE, StrictMath.min(MOST_DISTANCE, distance));
    into[0] = (float) (-near / deviation);
    double byLog = 1 - near * near;
    boolean isStuck = outputs[1] > log && byLog < 0 || outputs[1] < log && byLog > 0;
    into[1] = isStuck ? 0 : (float) byLog;
  }

  private static double logDeviation(double output) {
    return StrictMath.max(-LOG_DEVIATION_LIMIT, StrictMath.min(LOG_DEVIATION_LIMIT, output));
  }
}
