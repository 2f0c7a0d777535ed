package dev.sluice.backtest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.PriorityQueue;
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

  /**
   * Writes every row of a corpus that {@code mapping} changed, the series mixed by time; the rows
   * of each keep their order.
   */
  public static void writeMapped(NabCorpus corpus, NabMapping mapping, Path file)
      throws IOException {
    try (Lines lines = new Lines(file)) {
      var next = new PriorityQueue<Cursor>();
      corpus.series().forEach(series -> next.add(new Cursor(series, 0)));
      while (!next.isEmpty()) {
        Cursor cursor = next.remove();
        NabSeries series = cursor.series();
        double value = mapping.value(series.values()[cursor.row()]);
        lines.add(series.name(), cursor.movedMillis(), value);
        if (cursor.row() + 1 < series.rows()) {
          next.add(new Cursor(series, cursor.row() + 1));
        }
      }
    }
  }

  /** A row of a series that comes next, in the order of moved times. */
  private record Cursor(NabSeries series, int row) implements Comparable<Cursor> {

    long movedMillis() {
      long[] times = series.timesMillis();
      return times[row] + NabMapping.movedMillis(times[0]);
    }

    @Override
    public int compareTo(Cursor other) {
      int byTime = Long.compare(movedMillis(), other.movedMillis());
      return byTime == 0 ? series.name().compareTo(other.series.name()) : byTime;
    }
  }

  private static void write(NabCorpus corpus, Path file, ToIntFunction<NabSeries> rows)
      throws IOException {
    try (Lines lines = new Lines(file)) {
      for (NabSeries series : corpus.series()) {
        int end = rows.applyAsInt(series);
        for (int row = 0; row < end; row++) {
          lines.add(series.name(), series.timesMillis()[row], series.values()[row]);
        }
      }
    }
  }

  /** The file while it is written. */
  private static final class Lines implements Closeable {

    private final JsonGenerator json;

    Lines(Path file) throws IOException {
      JsonFactory lines = new JsonFactoryBuilder().rootValueSeparator("\n").build();
      this.json = lines.createGenerator(Files.newBufferedWriter(file));
    }

    void add(String name, long timeMillis, double value) throws IOException {
      json.writeStartObject();
      json.writeStringField("key", name);
      json.writeStringField("timestamp", Instant.ofEpochMilli(timeMillis).toString());
      if (value == Math.rint(value) && Math.abs(value) < EXACT_INTEGERS) {
        json.writeNumberField("value", (long) value);
      } else {
        json.writeNumberField("value", value);
      }
      json.writeEndObject();
    }

    /** Ends the last line, and closes what is written to. */
    @Override
    public void close() throws IOException {
      json.writeRaw('\n');
      json.close();
    }
  }
}
