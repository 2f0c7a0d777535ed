package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.backtest.NabCorpus;
import dev.sluice.backtest.NabInput;
import dev.sluice.backtest.NabMapping;
import dev.sluice.config.ScoreDecl;
import dev.sluice.config.Topology;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.Settings;
import dev.sluice.score.Calibration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Scores the rows of the benchmark as {@code score} would, with one model. */
record NabScoring(Topology topology, NabCorpus corpus, Model model, PrintWriter err) {

  private static final double LEAST_THRESHOLD = 0.5;

  /**
   * A score of every row, in the order of the corpus.
   *
   * @param all shape (rows)
   * @param alerts shape (rows), 0 where the row is no alert at any threshold that makes sense
   */
  record Scores(double[] all, double[] alerts) {}

  /** Scores series after series. */
  Scores plain() throws IOException {
    return scores(file -> NabInput.write(corpus, file));
  }

  /** Scores all series as one mixed stream of mapped values. */
  Scores mapped(NabMapping mapping) throws IOException {
    return scores(file -> NabInput.writeMapped(corpus, mapping, file));
  }

  /** Writes the events. */
  private interface Writing {
    void to(Path file) throws IOException;
  }

  private Scores scores(Writing writing) throws IOException {
    Path events = Files.createTempFile("sluice-nab", ".jsonl");
    try {
      writing.to(events);
      EventSchema schema = Declared.schema(topology).forFiles("key", "time");
      var replay = new Replay(schema, anyThreshold(), FixedModels.of(model.version(), model));
      try (EventFile file = EventFile.open(events, schema);
          Progress progress = Progress.on(err, "rows scored")) {
        Collect collect = new Collect(corpus, progress);
        replay.run(file, collect);
        return new Scores(collect.all, collect.alerts);
      }
    } finally {
      Files.delete(events);
    }
  }

  /**
   * NAB tries every threshold. Below 0.5, the score of the key's own record, none makes sense, and
   * what alerts at 0.5 alerts at a higher threshold if its score reaches that.
   */
  private Settings anyThreshold() {
    ScoreDecl score = topology.score();
    return Declared.settings(topology)
        .withCalibration(new Calibration(LEAST_THRESHOLD, score.warmUp(), score.quiet()));
  }

  /** Puts each score where its row is; what is no alert is not worth one. */
  private static final class Collect implements Replay.Sink {

    private final NabCorpus corpus;
    private final Progress progress;
    private final Map<String, Integer> seen = new HashMap<>();
    private final double[] all;
    private final double[] alerts;

    Collect(NabCorpus corpus, Progress progress) {
      this.corpus = corpus;
      this.progress = progress;
      this.all = new double[corpus.rows()];
      this.alerts = new double[corpus.rows()];
    }

    @Override
    public void result(long line, Result result) {
      String name = new String(result.key(), UTF_8);
      int row = seen.merge(name, 1, Integer::sum) - 1;
      int at = corpus.offset(corpus.indexOf(name)) + row;
      all[at] = result.score();
      alerts[at] = result.isAlert() ? result.score() : 0;
      progress.add(1);
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      throw new Complaint("line " + line + " cannot be scored: " + why.getMessage());
    }
  }
}
