package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.Training;
import dev.sluice.model.Model;
import dev.sluice.train.Progress;
import dev.sluice.train.Recorded;
import dev.sluice.train.Task;
import dev.sluice.train.TimeRange;
import dev.sluice.train.TopicHistory;
import dev.sluice.train.Trained;
import dev.sluice.train.Trainer;
import java.io.PrintWriter;
import java.util.Map;

/** The demo's two trainings: a quick one to begin with, and a patient one that goes on from it. */
final class DemoTraining {

  private static final int QUICK_EPOCHS = 2;

  private final Topology topology;
  private final Map<String, String> kafka;
  private final TimeRange range;
  private final PrintWriter out;

  /**
   * Creates a trainer.
   *
   * @param range which events of the input topic are the past
   */
  DemoTraining(Topology topology, Map<String, String> kafka, TimeRange range, PrintWriter out) {
    this.topology = topology;
    this.kafka = kafka;
    this.range = range;
    this.out = out;
  }

  /** Trains the first version, from nothing. */
  Model first() {
    Topology quick = withEpochs(QUICK_EPOCHS);
    return train(Task.of(quick, history(), 1, Main.VERSION), "Training version 1", true);
  }

  /** Trains the second version, from the first. */
  Model second(Model first) {
    return train(Task.of(topology, history(), 2, Main.VERSION).from(first), "Version 2", false);
  }

  private Recorded history() {
    return TopicHistory.read(topology, kafka, range, _ -> {});
  }

  private Model train(Task task, String what, boolean verbose) {
    long began = System.nanoTime();
    Trained trained = Trainer.train(task, verbose ? new EpochLines(out, what) : Progress.none());
    out.println(
        (verbose ? "" : "  weights     ")
            + what
            + ": "
            + trained.parameters()
            + " weights, "
            + Numbers.two(trained.validation().nats())
            + " nats of surprise an event on the"
            + " validation part (without memory "
            + Numbers.two(trained.baselineNats())
            + "), "
            + Numbers.one((System.nanoTime() - began) / 1e9)
            + " s");
    out.flush();
    return trained.model();
  }

  private Topology withEpochs(int epochs) {
    Training t = topology.training();
    Training shorter =
        new Training(
            t.window(),
            t.batch(),
            epochs,
            t.learningRate(),
            t.clipNorm(),
            t.patience(),
            t.dropout(),
            t.validation(),
            t.split(),
            t.seed());
    return new Topology(
        topology.name(),
        topology.input(),
        topology.features(),
        topology.model(),
        shorter,
        topology.score(),
        topology.alerts(),
        topology.state(),
        topology.output(),
        topology.weights(),
        topology.delivery(),
        topology.kafka());
  }
}
