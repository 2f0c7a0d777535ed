package dev.sluice.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.ToIntFunction;

/**
 * The benchmark as one stream of events, for a detector to learn from and to score.
 *
 * <p>One JSON object a line, series after series, rows in file order:
 *
 * <pre>
 *   {"key":"realTweets/Twitter_volume_AAPL.csv","timestamp":"2015-02-26T21:42:53Z","value":104}
 * </pre>
 *
 * <p>Labels are not in it, and time may step back where a file's clock was changed.
 */
public final class NabInput {

  private static final double EXACT_INTEGERS = 1L << 53;

  private NabInput() {}

  /** Writes every row of {@code corpus} to {@code file}, which is replaced if it exists. */
  public static void write(NabCorpus corpus, Path file) throws IOException {
    write(corpus, file, NabSeries::rows);
  }

  /**
   * Writes the rows that a detector may learn from, those before the scored part of each series.
   */
  public static void writeProbation(NabCorpus corpus, Path file) throws IOException {
    write(corpus, file, NabSeries::probation);
  }

  private static void write(NabCorpus corpus, Path file, ToIntFunction<NabSeries> rows)
      throws IOException {
    JsonFactory lines = new JsonFactoryBuilder().rootValueSeparator("\n").build();
    try (BufferedWriter writer = Files.newBufferedWriter(file);
        JsonGenerator json = lines.createGenerator(writer)) {
      for (NabSeries series : corpus.series()) {
        int end = rows.applyAsInt(series);
        for (int row = 0; row < end; row++) {
          writeEvent(json, series, row);
        }
      }
      json.writeRaw('\n');
    }
  }

  private static void writeEvent(JsonGenerator json, NabSeries series, int row) throws IOException {
    double value = series.values()[row];
    json.writeStartObject();
    json.writeStringField("key", series.name());
    json.writeStringField("timestamp", Instant.ofEpochMilli(series.timesMillis()[row]).toString());
    if (value == Math.rint(value) && Math.abs(value) < EXACT_INTEGERS) {
      json.writeNumberField("value", (long) value);
    } else {
      json.writeNumberField("value", value);
    }
    json.writeEndObject();
  }
}
