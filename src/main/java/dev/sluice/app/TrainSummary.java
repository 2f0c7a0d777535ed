package dev.sluice.app;

import dev.sluice.model.Model;
import dev.sluice.train.Recorded;
import dev.sluice.train.Trained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What training came to, for people. */
final class TrainSummary {

  private TrainSummary() {}

  static List<String> lines(Trained trained, Recorded recorded, double seconds) {
    Model model = trained.model();
    List<String> lines = new ArrayList<>();
    lines.add("model      " + model.id() + " version " + model.version());
    lines.add("source     " + recorded.source());
    lines.add(
        "events     "
            + Numbers.grouped(trained.split().trainEvents())
            + " of "
            + Numbers.grouped(recorded.history().keys())
            + " keys to learn from, "
            + Numbers.grouped(recorded.history().events() - trained.split().trainEvents())
            + " to validate with, from "
            + Instant.ofEpochMilli(trained.split().cutoffMillis())
            + " on");
    lines.add(
        "surprise   "
            + Numbers.four(trained.validation().nats())
            + " nats an event on the validation part; "
            + Numbers.four(trained.baselineNats())
            + " without memory, "
            + Numbers.four(trained.training().nats())
            + " on the part it learned from");
    if (!Double.isNaN(trained.validation().meanAbsoluteError())) {
      lines.add(
          "error      "
              + (float) trained.validation().meanAbsoluteError()
              + " on average, in units of "
              + model.head().field());
    }
    lines.add(
        "learning   "
            + Numbers.grouped(trained.parameters())
            + " numbers, best after "
            + trained.bestEpoch()
            + " of "
            + trained.epochs()
            + " epochs, "
            + Numbers.one(seconds)
            + " s");
    return lines;
  }
}
