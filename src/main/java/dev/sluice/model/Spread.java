package dev.sluice.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How values were spread, in bins: bin i holds what is above edge i-1 and up to edge i, the first
 * and the last bin what is left on either side.
 *
 * @param edges finite and ascending, at most {@value #MOST_EDGES}
 * @param counts of values by bin, one more than there are edges
 */
public record Spread(List<Double> edges, List<Long> counts) {

  /** Most edges. */
  public static final int MOST_EDGES = 32;

  private static final int PARTS = 10;

  /**
   * Where a bin was empty on one side, it counts as if this part of a value had been in it; else
   * one value where there was none would weigh infinitely.
   */
  private static final double EMPTY = 0.5;

  /**
   * Checks the bins.
   *
   * @throws IllegalArgumentException if they are none
   */
  public Spread {
    edges = List.copyOf(edges);
    counts = List.copyOf(counts);
    if (edges.size() > MOST_EDGES || counts.size() != edges.size() + 1) {
      throw new IllegalArgumentException(
          "a spread of " + edges.size() + " edges and " + counts.size() + " counts");
    }
    double before = Double.NEGATIVE_INFINITY;
    for (double edge : edges) {
      if (!(edge > before) || Double.isInfinite(edge)) {
        throw new IllegalArgumentException("a spread whose edges do not ascend: " + edges);
      }
      before = edge;
    }
    for (long count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException("a spread with a count of " + count);
      }
    }
  }

  /**
   * Returns the spread of values over bins that hold about a tenth of them each; fewer bins where
   * many values are alike.
   *
   * @param values finite; sorted by this call
   */
  public static Spread ofTenths(double[] values) {
    Arrays.sort(values);
    List<Double> edges = new ArrayList<>();
    for (int part = 1; part < PARTS && values.length > 0; part++) {
      double edge = values[(int) ((long) part * (values.length - 1) / PARTS)];
      // What is equal to the largest of all would leave nothing above.
      boolean isNew = edges.isEmpty() || edge > edges.getLast();
      if (isNew && edge < values[values.length - 1]) {
        edges.add(edge);
      }
    }
    return over(edges, values);
  }

  /** Returns the spread of values over given bins. */
  public static Spread over(List<Double> edges, double[] values) {
    var tally = new Tally(edges);
    for (double value : values) {
      tally.add(value);
    }
    return tally.spread();
  }

  /** Counts values that come one by one. For one thread. */
  public static final class Tally {

    private final List<Double> edges;
    private final double[] limits;
    private final long[] counts;

    /** Begins with nothing in the bins between {@code edges}. */
    public Tally(List<Double> edges) {
      this.edges = edges;
      this.limits = edges.stream().mapToDouble(Double::doubleValue).toArray();
      this.counts = new long[limits.length + 1];
    }

    /** Adds a value; NaN, which is none, is passed over. */
    public void add(double value) {
      if (Double.isNaN(value)) {
        return;
      }
      int at = Arrays.binarySearch(limits, value);
      counts[at < 0 ? -1 - at : at]++;
    }

    /** Returns what was counted so far. */
    public Spread spread() {
      return new Spread(edges, Arrays.stream(counts).boxed().toList());
    }
  }

  /** Returns how many values there were. */
  public long total() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Returns how far values have moved from this spread: the population stability index, the sum
   * over the bins of (q - p) ln(q / p), with p and q the shares then and now. 0 where nothing
   * moved; by long use below 0.1 is no change and from 0.25 on a large one.
   *
   * @param now over the same edges
   */
  public double stabilityIndex(Spread now) {
    if (!edges.equals(now.edges)) {
      throw new IllegalArgumentException("spreads over different bins");
    }
    double sum = 0;
    for (int bin = 0; bin < counts.size(); bin++) {
      double p = share(counts.get(bin), total());
      double q = share(now.counts.get(bin), now.total());
      sum += (q - p) * StrictMath.log(q / p);
    }
    return sum;
  }

  private static double share(long count, long total) {
    return StrictMath.max((double) count, EMPTY) / StrictMath.max(total, 1);
  }
}
