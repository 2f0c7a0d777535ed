package dev.sluice.feature;

/** How a number becomes an input of about unit size. */
public sealed interface Scaling {

  /**
   * The same scale for every key, learned in training.
   *
   * @param mean subtracted; in the field's unit
   * @param deviation divided by; in the field's unit, greater than 0
   */
  record Learned(double mean, double deviation) implements Scaling {

    /** Checks that scaling cannot produce anything but finite numbers. */
    public Learned {
      if (!Double.isFinite(mean) || !(deviation > 0) || !Double.isFinite(deviation)) {
        throw new IllegalArgumentException(
            "mean " + mean + " and deviation " + deviation + " make no scale");
      }
    }
  }

  /** Each key's own mean and deviation, as of before the event. */
  record PerKey() implements Scaling {}
}
