package dev.sluice.backtest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How far the scores of a {@linkplain NabMapping mapped} benchmark are from those of the plain one.
 *
 * @param mapping what was done to it
 * @param keys each with the largest difference of its scores, the furthest off first
 * @param points of NAB, the largest difference over the profiles
 */
public record NabDifference(NabMapping mapping, List<Key> keys, double points) {

  /** Scores this far apart are the same. */
  public static final double SAME = 1e-6;

  private static final int NAMED = 5;

  /** Copies the list. */
  public NabDifference {
    keys = List.copyOf(keys);
  }

  /**
   * One series.
   *
   * @param name of the series
   * @param largest difference of two scores of one row
   */
  public record Key(String name, double largest) {}

  /**
   * Compares.
   *
   * @param plain the benchmark as it is
   * @param mapped and as it is not
   */
  public static NabDifference of(
      NabMapping mapping, NabCorpus corpus, Scores plain, Scores mapped) {
    List<Key> keys = new ArrayList<>();
    for (int s = 0; s < corpus.series().size(); s++) {
      double largest = 0;
      for (int row = corpus.offset(s); row < corpus.offset(s + 1); row++) {
        largest = Math.max(largest, Math.abs(plain.scores()[row] - mapped.scores()[row]));
      }
      keys.add(new Key(corpus.series().get(s).name(), largest));
    }
    keys.sort(Comparator.comparingDouble(key -> -key.largest()));
    double points = 0;
    for (int i = 0; i < plain.report().lines().size(); i++) {
      double one = plain.report().lines().get(i).best().score();
      double other = mapped.report().lines().get(i).best().score();
      points = Math.max(points, Math.abs(one - other));
    }
    return new NabDifference(mapping, keys, points);
  }

  /**
   * One run of the benchmark.
   *
   * @param scores shape (rows of the corpus), every row's score, alert or not
   * @param report what the alerts are worth
   */
  public record Scores(double[] scores, NabReport report) {}

  /** Returns how many series have the same scores, to {@value #SAME}. */
  public long same() {
    return keys.stream().filter(key -> key.largest() <= SAME).count();
  }

  /** Returns a paragraph for people. */
  public String text() {
    var out = new StringBuilder();
    out.append("mapped: values as ").append(mapping.factor()).append(" · v + ");
    out.append(mapping.shift()).append(", series moved by whole weeks and mixed by time.\n");
    out.append(same()).append(" of ").append(keys.size()).append(" series score the same to ");
    out.append(rounded(SAME)).append("; NAB differs by ").append(rounded(points));
    out.append(" at most.\n");
    keys.stream()
        .filter(key -> key.largest() > SAME)
        .limit(NAMED)
        .forEach(key -> out.append("  " + rounded(key.largest()) + "  " + key.name() + "\n"));
    return out.toString();
  }

  /** Returns the same for scripts. */
  public ObjectNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("factor", mapping.factor()).put("shift", mapping.shift());
    node.put("series", keys.size()).put("same", same()).put("points", points);
    ObjectNode different = node.putObject("different");
    keys.stream()
        .filter(key -> key.largest() > SAME)
        .forEach(key -> different.put(key.name(), key.largest()));
    return node;
  }

  private static String rounded(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }
}
