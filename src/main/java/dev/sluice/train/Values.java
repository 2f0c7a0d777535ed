package dev.sluice.train;

import java.util.Arrays;

/** Numbers whose quantiles are asked for. */
final class Values {

  private final double[] values;
  private int count;

  Values(int capacity) {
    this.values = new double[capacity];
  }

  /** Adds a value; NaN, which is none, is passed over. */
  void add(double value) {
    if (!Double.isNaN(value)) {
      values[count++] = value;
    }
  }

  int count() {
    return count;
  }

  /** Returns a copy of the values. */
  double[] toArray() {
    return Arrays.copyOf(values, count);
  }

  void sort() {
    Arrays.sort(values, 0, count);
  }

  /** Returns the value below which a share of all lies; they are sorted. */
  double fromBelow(double share) {
    return values[(int) (share * (count - 1))];
  }

  /** Returns the value above which a share of all lies; they are sorted. */
  double fromAbove(double share) {
    return values[count - 1 - (int) (share * (count - 1))];
  }

  double clipped(int index, double low, double high) {
    return Math.max(low, Math.min(high, values[index]));
  }
}
