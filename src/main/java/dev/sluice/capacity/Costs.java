package dev.sluice.capacity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What was measured by {@code sluice bench --json}: the figures of Sluice itself, one instance.
 *
 * @param machine where
 * @param points in the order of the document, at least one
 */
public record Costs(String machine, List<Point> points) {

  private static final int FORMAT = 1;
  private static final String RESOURCE = "/dev/sluice/costs.json";

  /** Rates that differ by less are the same scenario measured twice. */
  private static final double APART = 0.1;

  /**
   * One scenario. Times in microseconds of CPU and bytes, each for an event.
   *
   * @param cpu of the process
   * @param stream of the stream thread
   * @param broker of the broker
   * @param rows changelog rows
   * @param changelog bytes in the changelog
   * @param event bytes of the input
   * @param result bytes of the results
   * @param restoredPerSecond rows read back in a second, 0 where not measured
   */
  public record Point(
      int hidden,
      double cpu,
      double stream,
      double broker,
      double rows,
      double changelog,
      double event,
      double result,
      double restoredPerSecond) {}

  /** Keeps a copy. */
  public Costs {
    points = List.copyOf(points);
    if (points.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no throughput of contender c. Measure it: sluice bench --json FILE");
    }
  }

  /** Returns the figures that come with Sluice. */
  public static Costs shipped() throws IOException {
    try (InputStream in = Costs.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not in the jar");
      }
      return read(in, RESOURCE);
    }
  }

  /**
   * Reads a document of {@code sluice bench --json}.
   *
   * @param where the document is from, for the message
   */
  public static Costs read(InputStream in, String where) throws IOException {
    JsonNode all = new ObjectMapper().readTree(in);
    if (all.path("format").asInt() != FORMAT) {
      throw new IOException(
          where
              + ": format "
              + all.path("format")
              + ", expected "
              + FORMAT
              + ", as `sluice bench"
              + " --json` writes it");
    }
    List<Point> points = new ArrayList<>();
    for (JsonNode it : all.path("throughput")) {
      if (it.path("contender").asText().equals("c") && it.path("instances").asInt() == 1) {
        points.add(
            new Point(
                it.path("hidden").asInt(),
                it.path("cpuMicros").asDouble(),
                it.path("streamMicros").asDouble(),
                it.path("brokerMicros").asDouble(),
                it.path("rowsPerEvent").asDouble(),
                it.path("changelogBytes").asDouble(),
                it.path("eventBytes").asDouble(),
                it.path("resultBytes").asDouble(),
                it.path("restoredPerSecond").asDouble()));
      }
    }
    try {
      return new Costs(all.path("machine").asText(), points);
    } catch (IllegalArgumentException e) {
      throw new IOException(where + ": " + e.getMessage(), e);
    }
  }

  /**
   * A cost that has a part for each event and a part for each row that is written.
   *
   * @param perEvent fixed part
   * @param perRow part of a row
   */
  public record Line(double perEvent, double perRow) {

    /** Returns what an event costs that writes so many rows. */
    public double at(double rows) {
      return perEvent + perRow * rows;
    }
  }

  /** A cost of a point. */
  @FunctionalInterface
  public interface Which {
    /** Returns the cost. */
    double of(Point point);
  }

  /**
   * Returns a cost for a size of model. Between two measured sizes it is taken to grow with the
   * square of the units, as the weights do; beyond them, too.
   */
  public Line line(int hidden, Which which) {
    List<Integer> sizes = points.stream().map(Point::hidden).distinct().sorted().toList();
    int near = sizes.stream().min(Comparator.comparingInt(h -> Math.abs(h - hidden))).orElseThrow();
    if (near == hidden || sizes.size() == 1) {
      return measured(near, which);
    }
    int index = sizes.indexOf(near);
    int other =
        sizes.get(near < hidden && index + 1 < sizes.size() || index == 0 ? index + 1 : index - 1);
    Line a = measured(near, which);
    Line b = measured(other, which);
    double share =
        ((double) hidden * hidden - (double) near * near)
            / ((double) other * other - (double) near * near);
    return new Line(
        Math.max(0, a.perEvent() + share * (b.perEvent() - a.perEvent())),
        Math.max(0, a.perRow() + share * (b.perRow() - a.perRow())));
  }

  /** Through the points of fewest and of most rows; with one point, rows cost nothing extra. */
  private Line measured(int hidden, Which which) {
    List<Point> same =
        points.stream()
            .filter(point -> point.hidden() == hidden)
            .sorted(Comparator.comparingDouble(Point::rows))
            .toList();
    Point few = same.getFirst();
    Point many = same.getLast();
    if (many.rows() - few.rows() < APART) {
      return new Line(which.of(few), 0);
    }
    double perRow = Math.max(0, (which.of(many) - which.of(few)) / (many.rows() - few.rows()));
    return new Line(Math.max(0, which.of(few) - perRow * few.rows()), perRow);
  }

  /** Returns the mean of a cost over all points. */
  public double mean(Which which) {
    return points.stream().mapToDouble(which::of).average().orElse(0);
  }

  /** Returns the point of a size that wrote the most rows an event. */
  public Point mostRows(int hidden) {
    return points.stream()
        .min(
            Comparator.comparingInt((Point point) -> Math.abs(point.hidden() - hidden))
                .thenComparing(Comparator.comparingDouble(Point::rows).reversed()))
        .orElseThrow();
  }
}
