package dev.sluice.bench;

import java.util.Locale;

/**
 * What is measured.
 *
 * @param hidden units of the LSTM
 * @param keys how many
 * @param skew how often which
 * @param threads stream threads of an instance, and partitions of the input
 * @param commitMillis time between commits
 * @param rowsEvery how long a row may be unwritten, where the contender leaves rows unwritten
 * @param tokens of a message, where the contender reads such
 */
record Scenario(
    int hidden,
    int keys,
    Load.Skew skew,
    int threads,
    long commitMillis,
    String rowsEvery,
    int tokens) {

  /** Returns the heap of every contender: the same for all, so that none is helped. */
  String heap() {
    return "4g";
  }

  String text() {
    return "H = "
        + hidden
        + ", "
        + String.format(Locale.ROOT, "%,d", keys)
        + " keys, "
        + skew.name().toLowerCase(Locale.ROOT)
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads")
        + ", commits every "
        + commitMillis
        + " ms";
  }
}
