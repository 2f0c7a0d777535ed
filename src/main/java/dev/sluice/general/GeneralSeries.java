package dev.sluice.general;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The history that the general model learned from: {@value #SERIES} made-up series, the same on
 * every machine. {@code topologies/general.yaml} says how it was learned.
 */
public final class GeneralSeries {

  /** How many series there are. */
  static final int SERIES = 1000;

  private GeneralSeries() {}

  /**
   * Writes the events, a JSON object a line, series after series.
   *
   * @param file replaced if it exists
   */
  public static void write(Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (int s = 0; s < SERIES; s++) {
        Series series = new Series(s);
        for (int row = 0; row < series.rows(); row++) {
          long time = series.timeMillis();
          writer.write("{\"key\":\"" + series.family() + "-" + s + "\",");
          writer.write("\"time\":\"" + Instant.ofEpochMilli(time) + "\",");
          writer.write("\"value\":" + series.next() + "}\n");
        }
      }
    }
  }
}
