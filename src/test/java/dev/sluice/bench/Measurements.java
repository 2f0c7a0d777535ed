package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;

/**
 * All that one session measured: what {@code --json} writes, and what {@code sluice plan} reads.
 *
 * @param format of this document, {@value #FORMAT}
 * @param machine where
 * @param commands how it was asked for
 * @param throughput draining a full topic
 * @param latency from append to committed result, at a steady rate
 * @param outages from {@code kill -9} to the next committed result
 */
record Measurements(
    int format,
    String machine,
    String commands,
    List<Throughput> throughput,
    List<Latency> latency,
    List<Outage> outages) {

  static final int FORMAT = 1;

  static Measurements empty(String machine, String command) {
    return new Measurements(
        FORMAT, machine, command, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
  }

  /**
   * A full topic drained; the medians of the repeats.
   *
   * @param contender letter
   * @param seconds measured, warm-up and build-up excluded
   * @param cpuMicros of the application's process, an event
   * @param streamMicros of its stream threads, an event
   * @param brokerMicros of the broker, an event
   * @param rowsPerEvent changelog records an event
   * @param changelogBytes on the broker's disk, an event
   * @param eventBytes of the input on the broker's disk, an event
   * @param resultBytes of the results on the broker's disk, an event
   * @param heapBytes after a collection
   * @param startSeconds from the start of the process until it scores, with nothing to restore
   * @param restoredPerSecond rows read back from the changelog into an empty state folder, 0 where
   *     not measured
   */
  record Throughput(
      String contender,
      int hidden,
      int keys,
      String skew,
      int threads,
      int instances,
      long commitMillis,
      double eventsPerSecond,
      double seconds,
      double cpuMicros,
      double streamMicros,
      double brokerMicros,
      double rowsPerEvent,
      double changelogBytes,
      double eventBytes,
      double resultBytes,
      long heapBytes,
      long residentBytes,
      double startSeconds,
      double restoredPerSecond) {

    /** Returns these figures with another rate of restoring. */
    Throughput withRestored(double perSecond) {
      return new Throughput(
          contender,
          hidden,
          keys,
          skew,
          threads,
          instances,
          commitMillis,
          eventsPerSecond,
          seconds,
          cpuMicros,
          streamMicros,
          brokerMicros,
          rowsPerEvent,
          changelogBytes,
          eventBytes,
          resultBytes,
          heapBytes,
          residentBytes,
          startSeconds,
          perSecond);
    }
  }

  /** Milliseconds from the append of an event to the arrival of its committed result. */
  record Latency(
      String contender,
      int hidden,
      int keys,
      String skew,
      double eventsPerSecond,
      long results,
      double p50Millis,
      double p99Millis,
      double maxMillis) {}

  /**
   * From {@code kill -9} to the next committed result of every partition.
   *
   * @param kind {@code restart}: the only instance, started again at once; {@code failover}: one of
   *     two, with a standby
   */
  record Outage(
      String contender,
      String kind,
      int hidden,
      int keys,
      double perSecond,
      List<Double> seconds) {}
}
