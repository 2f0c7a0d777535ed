package dev.sluice.backtest;

import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What a chart shows of one key: a column of numbers for each {@link Part}, a row for each event.
 * Confined to one thread.
 */
public final class ChartSeries {

  /** A column; NaN where an event has no such number. */
  public enum Part {
    /** The value that came. */
    VALUE,
    /**
     * The value that was expected, or where words are predicted the likeliest one's probability.
     */
    EXPECTED,
    /** The lower end of the interval. */
    LOW,
    /** The upper end of the interval. */
    HIGH,
    /** Surprise, in nats. */
    SURPRISE,
    /** Score, in [0, 1]. */
    SCORE
  }

  /** What became of an event. */
  public enum Mark {
    /** Nothing. */
    NONE,
    /** It raised an alert. */
    ALERT,
    /** It raised one that a rule suppressed. */
    SUPPRESSED
  }

  private long[] timesMillis = new long[64];
  private final double[][] columns = new double[Part.values().length][64]; // [part, rows]
  private final double[] row = new double[Part.values().length];
  private BitSet alerts = new BitSet();
  private BitSet suppressed = new BitSet();
  private BitSet warmingUp = new BitSet();
  private int rows;

  /** Creates a series without rows. */
  public ChartSeries() {
    Arrays.fill(row, Double.NaN);
  }

  /** Sets one number of the row that {@link #add} is going to add; NaN where it is not set. */
  public ChartSeries with(Part part, double value) {
    row[part.ordinal()] = value;
    return this;
  }

  /**
   * Adds a row.
   *
   * @param timeMillis event time, epoch milliseconds
   * @param mark what became of it
   * @param isWarmingUp whether the key's history was too short for that
   */
  public void add(long timeMillis, Mark mark, boolean isWarmingUp) {
    if (rows == timesMillis.length) {
      timesMillis = Arrays.copyOf(timesMillis, 2 * rows);
      for (int part = 0; part < columns.length; part++) {
        columns[part] = Arrays.copyOf(columns[part], 2 * rows);
      }
    }
    for (int part = 0; part < columns.length; part++) {
      columns[part][rows] = row[part];
    }
    Arrays.fill(row, Double.NaN);
    timesMillis[rows] = timeMillis;
    alerts.set(rows, mark == Mark.ALERT);
    suppressed.set(rows, mark == Mark.SUPPRESSED);
    warmingUp.set(rows, isWarmingUp);
    rows++;
  }

  /** Returns the number of rows. */
  public int rows() {
    return rows;
  }

  long timeMillis(int at) {
    return timesMillis[at];
  }

  double number(Part part, int at) {
    return columns[part.ordinal()][at];
  }

  Mark mark(int at) {
    return alerts.get(at) ? Mark.ALERT : suppressed.get(at) ? Mark.SUPPRESSED : Mark.NONE;
  }

  /** Returns how many rows have a mark other than none. */
  int count(Mark mark) {
    return (mark == Mark.ALERT ? alerts : suppressed).cardinality();
  }

  /** Returns how many rows were warming up. */
  int warmingUp() {
    return warmingUp.cardinality();
  }

  boolean isWarmingUp(int at) {
    return warmingUp.get(at);
  }

  /** Returns whether any row has this number. */
  boolean has(Part part) {
    for (int at = 0; at < rows; at++) {
      if (!Double.isNaN(number(part, at))) {
        return true;
      }
    }
    return false;
  }

  /** Puts rows in the order of their times: late events go where they belong. */
  void sort() {
    int[] order =
        IntStream.range(0, rows)
            .boxed()
            .sorted(Comparator.comparingLong(at -> timesMillis[at]))
            .mapToInt(Integer::intValue)
            .toArray();
    timesMillis = IntStream.of(order).mapToLong(at -> timesMillis[at]).toArray();
    for (int part = 0; part < columns.length; part++) {
      double[] column = columns[part];
      columns[part] = IntStream.of(order).mapToDouble(at -> column[at]).toArray();
    }
    alerts = sorted(alerts, order);
    suppressed = sorted(suppressed, order);
    warmingUp = sorted(warmingUp, order);
  }

  private static BitSet sorted(BitSet bits, int[] order) {
    var sorted = new BitSet();
    for (int at = 0; at < order.length; at++) {
      sorted.set(at, bits.get(order[at]));
    }
    return sorted;
  }
}
