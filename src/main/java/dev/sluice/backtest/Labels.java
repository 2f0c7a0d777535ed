package dev.sluice.backtest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Labelled anomalies: for each key the spans of event time in which an alert is right. Immutable.
 */
public final class Labels {

  private final Map<String, List<Span>> byKey = new TreeMap<>();

  /**
   * Puts labels in order; those of one key that touch each other are one anomaly.
   *
   * @param labels in any order
   */
  public Labels(List<Label> labels) {
    Map<String, List<Span>> unordered = new TreeMap<>();
    for (Label label : labels) {
      unordered.computeIfAbsent(label.key(), _ -> new ArrayList<>()).add(label.span());
    }
    unordered.forEach((key, spans) -> byKey.put(key, apart(spans)));
  }

  private static List<Span> apart(List<Span> spans) {
    List<Span> ascending = new ArrayList<>(spans);
    ascending.sort(Comparator.comparingLong(Span::fromMillis));
    List<Span> apart = new ArrayList<>();
    for (Span span : ascending) {
      if (!apart.isEmpty() && span.fromMillis() <= apart.getLast().toMillis()) {
        Span last = apart.removeLast();
        apart.add(new Span(last.fromMillis(), Math.max(last.toMillis(), span.toMillis())));
      } else {
        apart.add(span);
      }
    }
    return List.copyOf(apart);
  }

  /** Returns the anomalies of one key, ascending and apart; none where nothing is labelled. */
  public List<Span> of(String key) {
    return byKey.getOrDefault(key, List.of());
  }

  /** Returns the number of anomalies of all keys. */
  public int count() {
    return byKey.values().stream().mapToInt(List::size).sum();
  }

  /**
   * One label as it was written.
   *
   * @param key whose anomaly it is
   * @param span when it was
   */
  public record Label(String key, Span span) {}

  /**
   * A span of event time.
   *
   * @param fromMillis the first time, epoch milliseconds
   * @param toMillis the last time, included
   */
  public record Span(long fromMillis, long toMillis) {

    /** Checks the order. */
    public Span {
      if (toMillis < fromMillis) {
        throw new IllegalArgumentException("a span that ends before it begins");
      }
    }

    /** Says whether the time lies within, both ends included. */
    public boolean contains(long timeMillis) {
      return fromMillis <= timeMillis && timeMillis <= toMillis;
    }
  }
}
