package dev.sluice.app;

import dev.sluice.backtest.NabCorpus;
import dev.sluice.backtest.NabInput;
import dev.sluice.backtest.NabMapping;
import dev.sluice.config.ScoreDecl;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.river.Declared;
import dev.sluice.river.Settings;
import dev.sluice.score.Calibration;
import java.io.IOException;

/** Scores the rows of the benchmark as {@code score} would, with one model. */
record NabScoring(BenchmarkRun run, NabCorpus corpus, Model model) {

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

  /** Puts each score where its row is; what is no alert is not worth one. */
  private Scores scores(BenchmarkRun.Events events) throws IOException {
    double[] all = new double[corpus.rows()];
    double[] alerts = new double[corpus.rows()];
    run.score(
        model,
        anyThreshold(run.topology()),
        events,
        (series, row, result) -> {
          int at = corpus.offset(corpus.indexOf(series)) + row;
          all[at] = result.score();
          alerts[at] = result.isAlert() ? result.score() : 0;
        });
    return new Scores(all, alerts);
  }

  /**
   * NAB tries every threshold. Below 0.5, the score of the key's own record, none makes sense, and
   * what alerts at 0.5 alerts at a higher threshold if its score reaches that.
   */
  private static Settings anyThreshold(Topology topology) {
    ScoreDecl score = topology.score();
    return Declared.settings(topology)
        .withCalibration(new Calibration(LEAST_THRESHOLD, score.warmUp(), score.quiet()));
  }
}
