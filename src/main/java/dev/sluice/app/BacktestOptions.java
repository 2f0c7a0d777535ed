package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.backtest.BacktestReport;
import dev.sluice.backtest.Chart;
import dev.sluice.backtest.ChartSeries;
import dev.sluice.backtest.ChartSeries.Mark;
import dev.sluice.backtest.ChartSeries.Part;
import dev.sluice.backtest.LabelFile;
import dev.sluice.backtest.Labels;
import dev.sluice.backtest.Scored;
import dev.sluice.config.Topology;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** What {@code sluice score} says beyond the scores: their worth against labels, and a chart. */
final class BacktestOptions {

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = {
        "Labelled anomalies: print precision, recall, delay, alerts a day and NAB scores. CSV or"
            + " JSON with key, start and end; or as NAB labels its windows."
      })
  private @Nullable Path labels;

  @Option(names = "--json", description = "Print JSON on standard output.")
  private boolean json;

  @Option(
      names = "--chart",
      paramLabel = "FILE.svg",
      description = "Draw one key: values, what was expected, scores, alerts and labels.")
  private @Nullable Path chart;

  @Option(names = "--chart-key", paramLabel = "KEY", description = "The key to draw.")
  private @Nullable String chartKey;

  @Option(
      names = "--chart-from",
      paramLabel = "TIME",
      description = "Draw events from this time on (ISO 8601).")
  private @Nullable String chartFrom;

  @Option(
      names = "--chart-to",
      paramLabel = "TIME",
      description = "Draw events before this time (ISO 8601).")
  private @Nullable String chartTo;

  /** Checks the options and reads the labels, before an hour of scoring. */
  Run begin(CommandSpec spec, Topology file) throws IOException {
    if ((chart == null) != (chartKey == null)) {
      throw new ParameterException(
          spec.commandLine(),
          chart == null
              ? "--chart-key needs --chart FILE.svg"
              : "--chart needs --chart-key KEY: one key is drawn");
    }
    if (chart == null && (chartFrom != null || chartTo != null)) {
      throw new ParameterException(
          spec.commandLine(), "--chart-from and --chart-to need --chart FILE.svg");
    }
    long from = chartFrom == null ? Long.MIN_VALUE : ModelFiles.time(chartFrom);
    long to = chartTo == null ? Long.MAX_VALUE : ModelFiles.time(chartTo);
    if (from >= to) {
      throw new ParameterException(
          spec.commandLine(), "--chart-to " + chartTo + " is not after --chart-from " + chartFrom);
    }
    Labels known = labels == null ? new Labels(List.of()) : LabelFile.read(labels);
    return new Run(spec.commandLine().getOut(), known, file.score().threshold(), from, to);
  }

  /** One scoring, watched. */
  final class Run {

    private final PrintWriter out;
    private final Labels known;
    private final double threshold;
    private final long fromMillis;
    private final long toMillis;
    private final Scored scored = new Scored();
    private final ChartSeries series = new ChartSeries();
    private final byte @Nullable [] drawn = chartKey == null ? null : chartKey.getBytes(UTF_8);
    private boolean keySeen;

    Run(PrintWriter out, Labels known, double threshold, long fromMillis, long toMillis) {
      this.out = out;
      this.known = known;
      this.threshold = threshold;
      this.fromMillis = fromMillis;
      this.toMillis = toMillis;
    }

    void take(Result result) {
      if (labels != null) {
        scored.add(result.key(), result.timeMillis(), result.score(), result.isAlert());
      }
      if (drawn != null && Arrays.equals(drawn, result.key())) {
        keySeen = true;
        if (result.timeMillis() >= fromMillis && result.timeMillis() < toMillis) {
          draw(result);
        }
      }
    }

    private void draw(Result result) {
      boolean word = result.expectedWord() != null;
      if (!word) {
        series.with(Part.VALUE, result.value());
        series.with(Part.LOW, result.low()).with(Part.HIGH, result.high());
      }
      series
          .with(Part.EXPECTED, word ? result.probability() : result.expected())
          .with(Part.SURPRISE, result.surprise())
          .with(Part.SCORE, result.score())
          .add(
              result.timeMillis(),
              result.isAlert()
                  ? Mark.ALERT
                  : result.suppressed().isPresent() ? Mark.SUPPRESSED : Mark.NONE,
              result.isWarmingUp());
    }

    /** Prints and draws. */
    void finish(Replay replay) throws IOException {
      if (labels != null) {
        requireAny(replay);
        BacktestReport report = scored.compare(known);
        requireMatch(report);
        out.println(json ? report.json() : report.text());
      } else if (json) {
        out.println(
            JsonNodeFactory.instance
                .objectNode()
                .put("events", replay.scored())
                .put("alerts", replay.alerts())
                .put("rejected", replay.rejected())
                .toPrettyString());
      }
      out.flush();
      if (chart != null && chartKey != null) {
        requireRows();
        var caption = new Chart.Caption(chartKey, threshold, known.of(chartKey));
        Files.writeString(chart, Chart.draw(series, caption));
      }
    }

    private void requireAny(Replay replay) {
      if (replay.scored() == 0) {
        throw new Complaint("No event was scored, so there is nothing to compare with the labels");
      }
    }

    /** Labels that match nothing would pass for a detector that finds nothing. */
    private void requireMatch(BacktestReport report) {
      if (known.count() > 0 && report.empty() == known.count()) {
        throw new Complaint(
            labels
                + ": none of the "
                + Numbers.grouped(known.count())
                + " labels has an event of its key in it. Do keys and times match those of the"
                + " input?");
      }
    }

    private void requireRows() {
      if (series.rows() == 0) {
        throw new Complaint(
            keySeen
                ? "--chart: no event of " + chartKey + " lies between --chart-from and --chart-to"
                : "--chart-key: no event has the key " + chartKey);
      }
    }
  }
}
