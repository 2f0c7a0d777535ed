package dev.sluice.bench;

import dev.sluice.bench.Measurements.Throughput;
import java.util.List;
import java.util.Locale;

/** What was measured, as Markdown. */
final class BenchReport {

  private BenchReport() {}

  /** Returns one line for a run that is over. */
  static String line(Run run, Throughput it) {
    return text(
        "(%s) %s: %,.0f events/s, CPU %.2f us an event (stream thread %.2f, broker %.2f),"
            + " %.3f rows and %.0f changelog bytes an event, started in %.1f s, restored %,.0f/s",
        run.contender().letter(),
        run.scenario().text(),
        it.eventsPerSecond(),
        it.cpuMicros(),
        it.streamMicros(),
        it.brokerMicros(),
        it.rowsPerEvent(),
        it.changelogBytes(),
        it.startSeconds(),
        it.restoredPerSecond());
  }

  static String markdown(Measurements measured) {
    StringBuilder to = new StringBuilder();
    to.append("Machine: ").append(measured.machine()).append(".\n");
    to.append("Command: `").append(measured.commands()).append("`\n");
    throughput(measured.throughput(), to);
    latency(measured.latency(), to);
    outages(measured.outages(), to);
    return to.toString();
  }

  private static void throughput(List<Throughput> all, StringBuilder to) {
    if (all.isEmpty()) {
      return;
    }
    to.append(
        """

        | contender | H | keys | skew | events/s | CPU us/event | stream thread | broker \
        | rows/event | changelog B/event | heap MB | RSS MB | x (b) | x (a) | CPU / (b) |
        |---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (Throughput it : all) {
      Throughput b = peer(all, it, Contender.BASELINE);
      Throughput a = peer(all, it, Contender.PASS);
      to.append(
          text(
              "| %s | %d | %,d | %s | %,.0f | %.2f | %.2f | %.2f | %.3f | %.0f | %d | %d"
                  + " | %s | %s | %s |\n",
              "(" + it.contender() + ") " + Contender.of(it.contender()).text(),
              it.hidden(),
              it.keys(),
              it.skew().toLowerCase(Locale.ROOT),
              it.eventsPerSecond(),
              it.cpuMicros(),
              it.streamMicros(),
              it.brokerMicros(),
              it.rowsPerEvent(),
              it.changelogBytes(),
              it.heapBytes() >> 20,
              it.residentBytes() >> 20,
              b == null ? "" : text("%.2f", it.eventsPerSecond() / b.eventsPerSecond()),
              a == null ? "" : text("%.2f", it.eventsPerSecond() / a.eventsPerSecond()),
              b == null ? "" : text("%.2f", it.cpuMicros() / b.cpuMicros())));
    }
  }

  private static Throughput peer(List<Throughput> all, Throughput of, Contender contender) {
    return all.stream()
        .filter(it -> it.contender().equals(contender.letter()))
        .filter(it -> it.hidden() == of.hidden() && it.keys() == of.keys())
        .filter(it -> it.skew().equals(of.skew()) && it.instances() == of.instances())
        .findFirst()
        .orElse(null);
  }

  private static void latency(List<Measurements.Latency> all, StringBuilder to) {
    if (all.isEmpty()) {
      return;
    }
    to.append(
        """

        | from append to committed result | H | keys | skew | at events/s | p50 ms | p99 ms | most |
        |---|--:|--:|---|--:|--:|--:|--:|
        """);
    for (Measurements.Latency it : all) {
      to.append(
          text(
              "| (%s) | %d | %,d | %s | %,.0f | %.0f | %.0f | %.0f |\n",
              it.contender(),
              it.hidden(),
              it.keys(),
              it.skew().toLowerCase(Locale.ROOT),
              it.eventsPerSecond(),
              it.p50Millis(),
              it.p99Millis(),
              it.maxMillis()));
    }
  }

  private static void outages(List<Measurements.Outage> all, StringBuilder to) {
    if (all.isEmpty()) {
      return;
    }
    to.append("\n| kill -9, until results come again | H | keys | seconds |\n|---|--:|--:|---|\n");
    for (Measurements.Outage it : all) {
      String seconds =
          String.join(", ", it.seconds().stream().map(value -> text("%.1f", value)).toList());
      to.append(
          text(
              "| (%s) %s | %d | %,d | %s |\n",
              it.contender(), it.kind(), it.hidden(), it.keys(), seconds));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
