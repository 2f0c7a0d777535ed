package dev.sluice.backtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The Numenta Anomaly Benchmark on disk: every series with its labels, in order of name.
 *
 * <p>Rows of all series have one numbering, series after series, so that a detector's scores are
 * one array: row {@code r} of series {@code s} is element {@code offset(s) + r}.
 */
public final class NabCorpus {

  private static final String LABELS = "labels/combined_windows.json";
  private static final String HEADER = "timestamp,value";

  private final List<NabSeries> series;
  private final Map<String, Integer> indexByName = new HashMap<>();
  private final int[] offsets; // (series + 1), the last one being the number of rows

  /**
   * Numbers the rows of {@code series}.
   *
   * @throws IllegalArgumentException if two series have one name
   */
  public NabCorpus(List<NabSeries> series) {
    this.series = List.copyOf(series);
    this.offsets = new int[series.size() + 1];
    for (int s = 0; s < series.size(); s++) {
      offsets[s + 1] = offsets[s] + series.get(s).rows();
      if (indexByName.put(series.get(s).name(), s) != null) {
        throw new IllegalArgumentException(
            series.get(s).name() + " is in the corpus twice. Give every series its own name");
      }
    }
  }

  /**
   * Reads a folder laid out like NAB's repository: {@code data/<category>/<file>.csv} and {@code
   * labels/combined_windows.json}.
   *
   * @throws IOException if a file is missing or unreadable
   * @throws IllegalArgumentException if one does not hold what it should, with file and line
   */
  public static NabCorpus read(Path folder) throws IOException {
    Path labelsFile = folder.resolve(LABELS);
    if (!Files.isRegularFile(labelsFile)) {
      throw new IOException(
          folder
              + ": no NAB here, "
              + LABELS
              + " is missing. Give the folder that holds NAB's data and labels folders");
    }
    JsonNode labels = new ObjectMapper().readTree(labelsFile.toFile());
    Map<String, Path> files = dataFiles(folder.resolve("data"));
    for (String labelled : (Iterable<String>) labels::fieldNames) {
      if (!files.containsKey(labelled)) {
        throw new IllegalArgumentException(
            labelsFile + ": labels " + labelled + ", which data does not hold");
      }
    }
    List<NabSeries> series = new ArrayList<>();
    for (var file : files.entrySet()) {
      JsonNode ranges = labels.get(file.getKey());
      if (ranges == null) {
        throw new IllegalArgumentException(
            labelsFile + ": no entry for " + file.getKey() + ". Add one; [] means no anomaly");
      }
      series.add(readSeries(file.getKey(), file.getValue(), ranges));
    }
    return new NabCorpus(series);
  }

  /** Returns the series, in order of name. */
  public List<NabSeries> series() {
    return series;
  }

  /** Returns the number of rows of all series together. */
  public int rows() {
    return offsets[series.size()];
  }

  /** Returns the number of labelled anomalies of all series together. */
  public int windows() {
    return series.stream().mapToInt(one -> one.windows().size()).sum();
  }

  /** Returns where the rows of series {@code s} begin in an array of all rows. */
  public int offset(int s) {
    return offsets[s];
  }

  /** Returns the place of the series called {@code name}, or -1 if there is none. */
  public int indexOf(String name) {
    return indexByName.getOrDefault(name, -1);
  }

  private static Map<String, Path> dataFiles(Path data) throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(data, 2)) {
      paths
          .filter(path -> path.getFileName().toString().endsWith(".csv"))
          .forEach(path -> files.put(data.relativize(path).toString().replace('\\', '/'), path));
    }
    return files;
  }

  private static NabSeries readSeries(String name, Path file, JsonNode ranges) throws IOException {
    List<String> lines = Files.readAllLines(file);
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new IllegalArgumentException(file + ":1: the first line must be " + HEADER);
    }
    int rows = lines.size() - 1;
    long[] timesMillis = new long[rows];
    double[] values = new double[rows];
    for (int row = 0; row < rows; row++) {
      String line = lines.get(row + 1);
      int comma = line.indexOf(',');
      try {
        timesMillis[row] = millis(line.substring(0, Math.max(comma, 0)));
        values[row] = Double.parseDouble(line.substring(comma + 1));
      } catch (DateTimeParseException | NumberFormatException e) {
        throw new IllegalArgumentException(
            file
                + ":"
                + (row + 2)
                + ": found '"
                + line
                + "'. Give a time and a number, as in 2014-04-01 00:05:00,20.0",
            e);
      }
    }
    List<Window> windows = new ArrayList<>();
    for (JsonNode range : ranges) {
      int first = rowAt(name, timesMillis, range.path(0).asText());
      windows.add(new Window(first, rowAt(name, timesMillis, range.path(1).asText())));
    }
    return new NabSeries(name, timesMillis, values, windows);
  }

  /** Returns the one row with that time: NAB's labels name rows by their timestamp. */
  private static int rowAt(String name, long[] timesMillis, String label) {
    long wanted = labelMillis(name, label);
    int found = -1;
    for (int row = 0; row < timesMillis.length; row++) {
      if (timesMillis[row] == wanted) {
        if (found >= 0) {
          throw new IllegalArgumentException(
              name + ": label " + label + " fits rows " + found + " and " + row);
        }
        found = row;
      }
    }
    if (found < 0) {
      throw new IllegalArgumentException(
          name + ": no row at label " + label + ". Labels must repeat a timestamp of the file");
    }
    return found;
  }

  private static long labelMillis(String name, String label) {
    try {
      return millis(label);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + ": label '" + label + "' is no time, as in 2014-04-01 00:05:00", e);
    }
  }

  private static long millis(String text) {
    return LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC).toEpochMilli();
  }
}
