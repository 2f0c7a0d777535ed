package dev.sluice.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The machines that a demand needs, by sums that are printed with their numbers. */
public final class Plan {

  private static final double MICROS = 1e6;
  private static final double GB = 1e9;

  /** What is on the heap whatever the keys: classes, clients, their buffers. */
  private static final double BASE_HEAP = 400e6;

  /** A collector needs as much again to breathe. */
  private static final double HEAP_ROOM = 2;

  /** Share of a changelog that is older versions, between two compactions (its dirty ratio). */
  private static final double DIRTY = 0.3;

  /**
   * One line of the plan.
   *
   * @param name as in the JSON
   * @param value the figure
   * @param unit of it
   * @param formula how it comes about, with its numbers
   */
  public record Line(String name, double value, String unit, String formula) {}

  private final List<Line> lines = new ArrayList<>();

  private Plan() {}

  /** Returns the lines, in the order in which they build upon each other. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Returns a figure by its name. */
  public double value(String name) {
    return lines.stream()
        .filter(line -> line.name().equals(name))
        .mapToDouble(Line::value)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the plan has no " + name));
  }

  /** Adds up. */
  public static Plan of(Demand demand, int hidden, KeyMemory key, Costs costs) {
    Plan plan = new Plan();
    double rows = plan.rows(demand);
    plan.processors(demand, rows, hidden, costs);
    plan.memory(demand, key);
    plan.traffic(demand, rows, key, hidden, costs);
    plan.recovery(demand, costs);
    return plan;
  }

  private double rows(Demand demand) {
    double events = demand.eventsPerSecond() * demand.commitSeconds();
    String law =
        demand.skew() == Demand.Skew.UNIFORM
            ? text("%,d·(1-(1-1/%,d)^%,.0f)", demand.keys(), demand.keys(), events)
            : text("Σ(1-(1-1/(k·ln %,d))^%,.0f), k to %,d", demand.keys(), events, demand.keys());
    return add(
        "rowsPerEvent",
        demand.rowsPerEvent(),
        "rows",
        text(
            "distinct keys / events of a commit interval = %s / %,.0f; an interval has %,.0f/s ·"
                + " %.3f s events",
            law, events, demand.eventsPerSecond(), demand.commitSeconds()));
  }

  private void processors(Demand demand, double rows, int hidden, Costs costs) {
    double rate = demand.eventsPerSecond();
    double stream = cost("streamMicros", costs.line(hidden, Costs.Point::stream), rows);
    double cpu = cost("cpuMicros", costs.line(hidden, Costs.Point::cpu), rows);
    double broker = cost("brokerMicros", costs.line(hidden, Costs.Point::broker), rows);
    double threads =
        add(
            "threads",
            Math.ceil(rate * stream / MICROS / demand.load()),
            "stream threads, and partitions at the least",
            text("%,.0f/s · %.2f us / %.2f", rate, stream, demand.load()));
    double cores =
        add(
            "cores",
            rate * cpu / MICROS / demand.load(),
            "cores for Sluice",
            text("%,.0f/s · %.2f us / %.2f", rate, cpu, demand.load()));
    double instances =
        add(
            "instances",
            Math.ceil(cores / demand.cores()),
            "instances of " + demand.cores() + " cores",
            text("%.1f cores / %d", cores, demand.cores()));
    add(
        "partitions",
        instances * Math.ceil(threads / instances),
        "partitions of the input, so that every thread has as many",
        text("%.0f instances · %.0f threads each", instances, Math.ceil(threads / instances)));
    add(
        "brokerCores",
        rate * broker * demand.replication() / MICROS / demand.load(),
        "cores for the brokers",
        text(
            "%,.0f/s · %.2f us · %d copies / %.2f; every copy taken as dear as the first",
            rate, broker, demand.replication(), demand.load()));
  }

  private double cost(String name, Costs.Line line, double rows) {
    return add(
        name,
        line.at(rows),
        "us an event",
        text("%.2f us + %.2f us a row · %.3f rows", line.perEvent(), line.perRow(), rows));
  }

  private void memory(Demand demand, KeyMemory key) {
    double instances = value("instances");
    double share = demand.keys() * (1.0 + demand.standbys()) / instances;
    double rows =
        add(
            "rowGB",
            share * key.rowBytes() / GB,
            "GB of rows outside the heap, an instance",
            text(
                "%,d keys · %d copies / %.0f instances · %d bytes",
                demand.keys(), 1 + demand.standbys(), instances, key.rowBytes()));
    double heap =
        add(
            "heapGB",
            (BASE_HEAP + HEAP_ROOM * share * key.heapBytes()) / GB,
            "GB of heap, an instance",
            text(
                "%.1f GB + %.0f · %,.0f keys · %d bytes of statistics, key and table",
                BASE_HEAP / GB, HEAP_ROOM, share, key.heapBytes()));
    add(
        "memoryGB",
        rows + heap,
        "GB of memory, an instance, without page cache",
        text("%.2f GB + %.2f GB", rows, heap));
  }

  private void traffic(Demand demand, double rows, KeyMemory key, int hidden, Costs costs) {
    double rate = demand.eventsPerSecond();
    double row = rowBytes(key, hidden, demand.keyBytes(), costs);
    double changelog =
        add(
            "changelogBytesPerEvent",
            rows * row,
            "bytes in the changelog, an event",
            text(
                "%.3f rows · (%d bytes of row + %d of key + %.0f around them)",
                rows,
                key.storedBytes(),
                demand.keyBytes(),
                row - key.storedBytes() - demand.keyBytes()));
    double event = costs.mean(Costs.Point::event);
    double result = costs.mean(Costs.Point::result);
    add(
        "changelogMBps",
        rate * changelog / 1e6,
        "MB/s into the changelog, before replication",
        text("%,.0f/s · %.0f bytes", rate, changelog));
    add(
        "networkInMBps",
        rate * event / 1e6,
        "MB/s of events into Sluice; " + demand.standbys() + " standbys read the changelog, too",
        text("%,.0f/s · %.0f bytes of event", rate, event));
    add(
        "networkOutMBps",
        rate * (result + changelog) / 1e6,
        "MB/s out of Sluice",
        text("%,.0f/s · (%.0f bytes of result + %.0f of changelog)", rate, result, changelog));
    add(
        "replicationMBps",
        rate * (event + result + changelog) * (demand.replication() - 1) / 1e6,
        "MB/s between brokers",
        text(
            "%,.0f/s · (%.0f + %.0f + %.0f bytes) · %d further copies",
            rate, event, result, changelog, demand.replication() - 1));
    add(
        "changelogDiskGB",
        demand.keys() * row * demand.replication() / (1 - DIRTY) / GB,
        "GB of changelog on all brokers",
        text(
            "%,d keys · %.0f bytes · %d copies / (1 - %.1f not compacted yet)",
            demand.keys(), row, demand.replication(), DIRTY));
    add(
        "snapshotDiskGB",
        2 * demand.keys() * (1.0 + demand.standbys()) / value("instances") * row / GB,
        "GB in the state folder of an instance, where snapshots are kept",
        text("2 · its keys · %.0f bytes: the old one stays until the new one is whole", row));
  }

  /** What Kafka adds to a row was measured; the row itself is known. */
  private static double rowBytes(KeyMemory key, int hidden, int keyBytes, Costs costs) {
    Costs.Point point = costs.mostRows(hidden);
    // A row of the benchmark, as it was then: header, one layer, h and c, 17 statistics; and a key
    // of 10 bytes.
    double benchRow = 36 + 8.0 * point.hidden() + 8 * 17 + 10;
    double around = Math.max(0, point.changelog() / Math.max(1e-9, point.rows()) - benchRow);
    return key.storedBytes() + keyBytes + around;
  }

  private void recovery(Demand demand, Costs costs) {
    double rate =
        costs.points().stream().mapToDouble(Costs.Point::restoredPerSecond).max().orElse(0);
    if (rate <= 0) {
      return;
    }
    double keys = (double) demand.keys() / value("instances");
    add(
        "restoreSeconds",
        keys / rate,
        "s to restore an instance without a snapshot or a standby",
        text("%,.0f keys / %,.0f rows a second, as measured", keys, rate));
  }

  private double add(String name, double value, String unit, String formula) {
    lines.add(new Line(name, value, unit, formula));
    return value;
  }

  @SuppressWarnings("AnnotateFormatMethod") // There is no annotation library to do it with.
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
