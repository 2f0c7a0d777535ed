package dev.sluice.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Spacecraft telemetry with labelled anomalies (Hundman et al. 2018): of each channel a part to
 * learn from and a part to be tested on, rows of one value and some commands.
 *
 * <p>A folder holds {@code labeled_anomalies.csv}, and {@code train} and {@code test} with a {@code
 * CHANNEL.csv.gz} for each channel. Rows have no time: here they are a minute apart, and those of
 * the test follow those that were learned from.
 *
 * @param folder where it is
 * @param channels by name
 */
public record Telemetry(Path folder, Map<String, Channel> channels) {

  private static final String LABELS = "labeled_anomalies.csv";
  private static final Pattern LABEL =
      Pattern.compile("([^,]+),([^,]+),\"(\\[[^\"]*])\",(?:\"[^\"]*\"|[^,]*),\\d+");
  private static final Pattern RANGE = Pattern.compile("\\[(\\d+), (\\d+)]");
  private static final long MINUTE_MILLIS = 60_000;

  /**
   * One channel.
   *
   * @param trainRows rows to learn from
   * @param anomalies in rows of the test, both ends included
   */
  public record Channel(int trainRows, List<Window> anomalies) {}

  /**
   * Reads labels and lengths.
   *
   * @param spacecraft whose channels, as the labels call it
   * @throws IOException if a file is missing or unreadable
   * @throws IllegalArgumentException if one does not hold what it should
   */
  public static Telemetry read(Path folder, String spacecraft) throws IOException {
    Path file = folder.resolve(LABELS);
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          folder + ": no telemetry here, " + LABELS + " is missing. Give the folder that holds it");
    }
    Map<String, Channel> channels = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 1; i < lines.size(); i++) {
      Matcher label = LABEL.matcher(lines.get(i));
      if (!label.matches()) {
        throw new IllegalArgumentException(
            file
                + ":"
                + (i + 1)
                + ": found '"
                + lines.get(i)
                + "', which is no label. Write CHANNEL,SPACECRAFT,\"[[FIRST, LAST]]\",CLASS,ROWS");
      }
      if (label.group(2).equals(spacecraft)) {
        // A channel may stand twice.
        String name = label.group(1);
        Channel before = channels.get(name);
        List<Window> all = new ArrayList<>(before == null ? List.of() : before.anomalies());
        Matcher range = RANGE.matcher(label.group(3));
        while (range.find()) {
          var window =
              new Window(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
          if (!all.contains(window)) {
            all.add(window);
          }
        }
        channels.put(name, new Channel(rows(folder, "train", name), List.copyOf(all)));
      }
    }
    return new Telemetry(folder, channels);
  }

  private static int rows(Path folder, String part, String name) throws IOException {
    try (BufferedReader reader = open(folder, part, name)) {
      return Math.toIntExact(reader.lines().count()) - 1;
    }
  }

  private static BufferedReader open(Path folder, String part, String name) throws IOException {
    Path file = folder.resolve(part).resolve(name + ".csv.gz");
    return new BufferedReader(
        new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8));
  }

  /**
   * Writes events as JSON lines: {@code key}, {@code time}, {@code channel} (the key once more, as
   * a word), {@code value} and the commands.
   *
   * @param withTest whether those of the test follow
   */
  public void write(Path to, boolean withTest) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(to)) {
      for (String name : channels.keySet()) {
        int row = write(writer, "train", name, 0);
        if (withTest) {
          write(writer, "test", name, row);
        }
      }
    }
  }

  private int write(BufferedWriter writer, String part, String name, int first) throws IOException {
    int row = first;
    try (BufferedReader reader = open(folder, part, name)) {
      String[] fields = reader.readLine().split(",", -1);
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        var event = new StringBuilder();
        Instant time = Instant.ofEpochMilli(MINUTE_MILLIS * row++);
        event.append("{\"key\":\"").append(name).append("\",\"channel\":\"").append(name);
        event.append("\",\"time\":\"").append(time).append('"');
        String[] values = line.split(",", -1);
        for (int f = 0; f < fields.length; f++) {
          event.append(",\"").append(fields[f]).append("\":").append(values[f]);
        }
        writer.write(event.append("}\n").toString());
      }
    }
    return row;
  }

  /**
   * What alerts are worth, by sequences.
   *
   * @param found anomalies with an alert in them
   * @param missed those without
   * @param falseAlarms groups of alerts outside
   */
  public record Outcome(int found, int missed, int falseAlarms) {

    /** Returns the harmonic mean of precision and recall, in [0, 1]. */
    public double f1() {
      return 2.0 * found / Math.max(1, 2.0 * found + missed + falseAlarms);
    }
  }

  /**
   * Compares alerts with the labels: an anomaly is found by a group that overlaps it, a group that
   * overlaps none is a false alarm.
   *
   * @param alerts by channel: rows of alerts, learned ones included, ascending
   * @param gap alerts that are no further apart are one group
   */
  public Outcome judge(Map<String, List<Integer>> alerts, int gap) {
    int found = 0;
    int missed = 0;
    int falseAlarms = 0;
    for (Map.Entry<String, Channel> entry : channels.entrySet()) {
      Channel channel = entry.getValue();
      Set<Window> hit = new HashSet<>();
      for (Window group : groups(alerts.getOrDefault(entry.getKey(), List.of()), channel, gap)) {
        boolean isFalse = true;
        for (Window anomaly : channel.anomalies()) {
          if (group.first() <= anomaly.last() && group.last() >= anomaly.first()) {
            hit.add(anomaly);
            isFalse = false;
          }
        }
        falseAlarms += isFalse ? 1 : 0;
      }
      found += hit.size();
      missed += channel.anomalies().size() - hit.size();
    }
    return new Outcome(found, missed, falseAlarms);
  }

  private static List<Window> groups(List<Integer> alerts, Channel channel, int gap) {
    List<Window> groups = new ArrayList<>();
    for (int row : alerts) {
      int at = row - channel.trainRows();
      if (at < 0) {
        continue;
      }
      Window last = groups.isEmpty() ? null : groups.getLast();
      if (last != null && at - last.last() <= gap) {
        groups.set(groups.size() - 1, new Window(last.first(), at));
      } else {
        groups.add(new Window(at, at));
      }
    }
    return groups;
  }
}
