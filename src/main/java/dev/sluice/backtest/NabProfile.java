package dev.sluice.backtest;

/** How the benchmark weighs the kinds of error: NAB's three application profiles. */
public enum NabProfile {
  STANDARD("standard", 1.0, 1.0, 0.11),
  REWARD_LOW_FP_RATE("reward_low_FP_rate", 1.0, 1.0, 0.22),
  REWARD_LOW_FN_RATE("reward_low_FN_rate", 1.0, 2.0, 0.11);

  private final String label;
  private final double truePositive;
  private final double falseNegative;
  private final double falsePositive;

  NabProfile(String label, double truePositive, double falseNegative, double falsePositive) {
    this.label = label;
    this.truePositive = truePositive;
    this.falseNegative = falseNegative;
    this.falsePositive = falsePositive;
  }

  /** Returns the name NAB gives it. */
  public String label() {
    return label;
  }

  /** Returns what a window detected at its first row earns. */
  public double truePositive() {
    return truePositive;
  }

  /** Returns what a window costs that nothing detected. */
  public double falseNegative() {
    return falseNegative;
  }

  /** Returns what a false positive costs that is far from any window. */
  public double falsePositive() {
    return falsePositive;
  }
}
