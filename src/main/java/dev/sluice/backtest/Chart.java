package dev.sluice.backtest;

import dev.sluice.backtest.ChartSeries.Mark;
import dev.sluice.backtest.ChartSeries.Part;
import dev.sluice.backtest.Labels.Span;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * One key as a picture: its values with what was expected and the interval, its scores with the
 * threshold, its surprise; alerts as dots, labelled anomalies shaded. A self-contained SVG.
 *
 * <p>A long series is drawn as each column of pixels would show it: its first, least, greatest and
 * last point, so that no spike is lost and a picture has less than a megabyte whatever the series.
 */
public final class Chart {

  private static final int WIDTH = 1100;
  private static final int LEFT = 70;
  private static final int PLOT = WIDTH - LEFT - 20;
  private static final int TOP = 84;
  private static final int GAP = 26;
  private static final int FOOT = 34;
  private static final int VALUE_HEIGHT = 270;
  private static final int SCORE_HEIGHT = 110;
  private static final int SURPRISE_HEIGHT = 90;
  private static final int TIME_TICKS = 12;
  private static final double DOT = 4;

  private final ChartSeries series;
  private final Caption caption;
  private final long fromMillis;
  private final long toMillis;
  private final Svg svg;

  /**
   * What is written and marked.
   *
   * @param key whose series it is
   * @param threshold from which score on there may be an alert
   * @param labels labelled anomalies of the key
   */
  public record Caption(String key, double threshold, List<Span> labels) {

    /** Copies the labels. */
    public Caption {
      labels = List.copyOf(labels);
    }
  }

  private Chart(ChartSeries series, Caption caption) {
    this.series = series;
    this.caption = caption;
    this.fromMillis = series.timeMillis(0);
    this.toMillis = Math.max(fromMillis + 1, series.timeMillis(series.rows() - 1));
    int height = TOP + SCORE_HEIGHT + GAP + SURPRISE_HEIGHT + FOOT;
    int values = series.has(Part.EXPECTED) || series.has(Part.VALUE) ? VALUE_HEIGHT + GAP : 0;
    this.svg = new Svg(WIDTH, height + values, "Scores of " + caption.key(), summary());
  }

  /**
   * Draws a series.
   *
   * @param series of at least one row; put in the order of its times
   */
  public static String draw(ChartSeries series, Caption caption) {
    series.sort();
    return new Chart(series, caption).draw();
  }

  private String draw() {
    svg.text("title", LEFT, 28, "start", caption.key());
    svg.text("note", LEFT, 48, "start", summary());
    int top = TOP;
    boolean values = series.has(Part.VALUE);
    if (values || series.has(Part.EXPECTED)) {
      Panel panel = new Panel(top, VALUE_HEIGHT, valueRange());
      begin(panel, values ? "value" : "probability of the likeliest word");
      band(panel);
      svg.path("expected", trace(panel, Part.EXPECTED)).path("value", trace(panel, Part.VALUE));
      alerts(panel, values ? Part.VALUE : Part.EXPECTED);
      svg.unclip();
      top += VALUE_HEIGHT + GAP;
    }
    Panel scores = new Panel(top, SCORE_HEIGHT, new double[] {-0.05, 1.05}); // Room for dots.
    begin(scores, "score");
    double threshold = scores.y(caption.threshold());
    svg.line("threshold", LEFT, threshold, LEFT + PLOT, threshold);
    svg.path("score", trace(scores, Part.SCORE));
    alerts(scores, Part.SCORE);
    svg.unclip();
    top += SCORE_HEIGHT + GAP;
    Panel surprise = new Panel(top, SURPRISE_HEIGHT, range(0.05, Part.SURPRISE));
    begin(surprise, "surprise, nats");
    svg.path("surprise", trace(surprise, Part.SURPRISE)).unclip();
    for (Ticks.Tick tick : Ticks.times(fromMillis, toMillis, TIME_TICKS)) {
      svg.text("tick", x((long) tick.at()), top + SURPRISE_HEIGHT + 18, "middle", tick.text());
    }
    legend();
    return svg.finish();
  }

  private String summary() {
    return String.format(
        Locale.ROOT,
        "%s to %s (UTC); events: %,d, alerts: %,d, labelled anomalies: %,d",
        Instant.ofEpochMilli(fromMillis),
        Instant.ofEpochMilli(series.timeMillis(series.rows() - 1)),
        series.rows(),
        series.count(Mark.ALERT),
        caption.labels().stream().filter(this::isSeen).count());
  }

  private boolean isSeen(Span span) {
    return span.fromMillis() <= toMillis && span.toMillis() >= fromMillis;
  }

  /** Draws what lies below the curves of a panel, and begins the part that stays inside of it. */
  private void begin(Panel panel, String name) {
    svg.text("name", LEFT, panel.top() - 6, "start", name);
    for (Ticks.Tick tick : Ticks.numbers(panel.range()[0], panel.range()[1], panel.ticks())) {
      double y = panel.y(tick.at());
      svg.line("grid", LEFT, y, LEFT + PLOT, y).text("tick", LEFT - 8, y + 4, "end", tick.text());
    }
    for (Ticks.Tick tick : Ticks.times(fromMillis, toMillis, TIME_TICKS)) {
      double x = x((long) tick.at());
      svg.line("grid", x, panel.top(), x, panel.top() + panel.height());
    }
    svg.clip("panel" + panel.top(), LEFT, panel.top(), PLOT, panel.height());
    shade("warm", panel, warmUp());
    caption.labels().stream().filter(this::isSeen).forEach(span -> shade("label", panel, span));
    svg.rect("frame", LEFT, panel.top(), PLOT, panel.height());
  }

  /** Returns from the first to the last event of the warm-up; one that ends before if none was. */
  private Span warmUp() {
    int last = series.rows() - 1;
    while (last > 0 && !series.isWarmingUp(last)) {
      last--;
    }
    return new Span(fromMillis, series.timeMillis(last));
  }

  /** An anomaly of a moment is still two pixels wide. */
  private void shade(String style, Panel panel, Span span) {
    double from = x(Math.max(fromMillis, span.fromMillis()));
    double to = x(Math.min(toMillis, span.toMillis()));
    if (style.equals("label")) {
      double widening = Math.max(0, 2 - (to - from)) / 2;
      svg.rect(style, from - widening, panel.top(), to - from + 2 * widening, panel.height());
    } else if (to > from) {
      svg.rect(style, from, panel.top(), to - from, panel.height());
    }
  }

  /** The interval: of a column of pixels, from the least low to the greatest high. */
  private void band(Panel panel) {
    double[] low = new double[PLOT + 1];
    double[] high = new double[PLOT + 1];
    Arrays.fill(low, Double.POSITIVE_INFINITY);
    Arrays.fill(high, Double.NEGATIVE_INFINITY);
    for (int at = 0; at < series.rows(); at++) {
      int column = column(at);
      if (!Double.isNaN(series.number(Part.LOW, at) + series.number(Part.HIGH, at))) {
        low[column] = Math.min(low[column], series.number(Part.LOW, at));
        high[column] = Math.max(high[column], series.number(Part.HIGH, at));
      }
    }
    int[] filled = IntStream.rangeClosed(0, PLOT).filter(c -> low[c] <= high[c]).toArray();
    if (filled.length > 0) {
      var path = new Svg.Path();
      for (int column : filled) {
        path.to(LEFT + column, panel.y(high[column]));
      }
      for (int i = filled.length - 1; i >= 0; i--) {
        path.to(LEFT + filled[i], panel.y(low[filled[i]]));
      }
      path.close();
      svg.path("band", path);
    }
  }

  /** A curve: of a column of pixels, its first, least, greatest and last point. */
  private Svg.Path trace(Panel panel, Part part) {
    var path = new Svg.Path();
    int end;
    for (int begin = 0; begin < series.rows(); begin = end) {
      end = begin + 1;
      while (end < series.rows() && column(end) == column(begin)) {
        end++;
      }
      for (int at : corners(part, begin, end)) {
        if (isGap(part, at)) {
          path.gap();
        } else {
          path.to(x(series.timeMillis(at)), panel.y(series.number(part, at)));
        }
      }
    }
    return path;
  }

  /** Returns the first, the least, the greatest and the last of some rows, in order, once each. */
  private int[] corners(Part part, int begin, int end) {
    int least = begin;
    int greatest = begin;
    for (int at = begin + 1; at < end; at++) {
      double number = series.number(part, at);
      least = number < series.number(part, least) || isGap(part, least) ? at : least;
      greatest = number > series.number(part, greatest) || isGap(part, greatest) ? at : greatest;
    }
    return IntStream.of(begin, Math.min(least, greatest), Math.max(least, greatest), end - 1)
        .distinct()
        .toArray();
  }

  private boolean isGap(Part part, int at) {
    return Double.isNaN(series.number(part, at));
  }

  /** One dot a column of pixels is enough: the highest. */
  private void alerts(Panel panel, Part part) {
    dots("suppressed", Mark.SUPPRESSED, panel, part);
    dots("alert", Mark.ALERT, panel, part);
  }

  private void dots(String style, Mark mark, Panel panel, Part part) {
    double[] heights = new double[PLOT + 1];
    Arrays.fill(heights, Double.NaN);
    for (int at = 0; at < series.rows(); at++) {
      if (series.mark(at) == mark && !isGap(part, at)) {
        double height = series.number(part, at);
        int column = column(at);
        heights[column] =
            Double.isNaN(heights[column]) ? height : Math.max(heights[column], height);
      }
    }
    for (int column = 0; column <= PLOT; column++) {
      if (!Double.isNaN(heights[column])) {
        svg.circle(style, LEFT + column, panel.y(heights[column]), DOT);
      }
    }
  }

  private void legend() {
    double x = LEFT + 90;
    double y = TOP - 10;
    boolean values = series.has(Part.VALUE);
    if (values) {
      x = entry(x, "value", "value");
      x = entry(x, "expected", "expected");
    }
    if (series.has(Part.LOW)) {
      x = swatch(x, "band", "interval");
    }
    x = entry(x, "threshold", "threshold");
    svg.circle("alert", x + 6, y - 4, DOT).text("legend", x + 16, y, "start", "alert");
    x += 60;
    if (series.count(Mark.SUPPRESSED) > 0) {
      svg.circle("suppressed", x + 6, y - 4, DOT).text("legend", x + 16, y, "start", "suppressed");
      x += 96;
    }
    if (!caption.labels().isEmpty()) {
      x = swatch(x, "label", "labelled anomaly");
    }
    if (series.warmingUp() > 0) {
      swatch(x, "warm", "warming up");
    }
  }

  private double entry(double x, String style, String text) {
    svg.line(style, x, TOP - 14, x + 20, TOP - 14);
    svg.text("legend", x + 26, TOP - 10, "start", text);
    return x + 40 + 7.0 * text.length();
  }

  private double swatch(double x, String style, String text) {
    svg.rect(style, x, TOP - 20, 20, 12).text("legend", x + 26, TOP - 10, "start", text);
    return x + 40 + 7.0 * text.length();
  }

  /** The range of values; an interval that is wide for a short time does not squeeze them. */
  private double[] valueRange() {
    if (!series.has(Part.VALUE)) {
      return new double[] {0, 1};
    }
    double[] values = range(0, Part.VALUE);
    double room = (values[1] - values[0]) / 4;
    double low = Math.max(values[0] - room, quantile(Part.LOW, 0.02, values[0]));
    double high = Math.min(values[1] + room, quantile(Part.HIGH, 0.98, values[1]));
    double least = Math.min(values[0], low);
    double most = Math.max(values[1], high);
    double margin = (most - least) / 20;
    return new double[] {least - margin, most + margin};
  }

  private double quantile(Part part, double share, double or) {
    double[] sorted =
        IntStream.range(0, series.rows())
            .mapToDouble(at -> series.number(part, at))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return sorted.length == 0 ? or : sorted[(int) (share * (sorted.length - 1))];
  }

  /**
   * Returns the least and the greatest of a part, with a margin; never an empty range. Surprise
   * while a key warms up is beyond all that comes later, and is left out.
   */
  private double[] range(double margin, Part part) {
    boolean onlyWarm = part == Part.SURPRISE && series.warmingUp() < series.rows();
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int at = 0; at < series.rows(); at++) {
      double number = series.number(part, at);
      if (Double.isFinite(number) && !(onlyWarm && series.isWarmingUp(at))) {
        least = Math.min(least, number);
        most = Math.max(most, number);
      }
    }
    if (least > most) {
      return new double[] {0, 1};
    }
    double widening = most > least ? margin * (most - least) : Math.max(1, Math.abs(most)) / 2;
    return new double[] {least - widening, most + widening};
  }

  private double x(long timeMillis) {
    return LEFT + PLOT * ((double) (timeMillis - fromMillis) / (toMillis - fromMillis));
  }

  private int column(int at) {
    return (int) Math.round(x(series.timeMillis(at)) - LEFT);
  }

  /**
   * A place for curves.
   *
   * @param top of its pixels
   * @param height in pixels
   * @param range least and greatest number
   */
  @SuppressWarnings("ArrayRecordComponent") // Two numbers, never compared.
  private record Panel(int top, int height, double[] range) {

    double y(double number) {
      return top + height * (1 - (number - range[0]) / (range[1] - range[0]));
    }

    int ticks() {
      return Math.max(3, height / 50);
    }
  }
}
