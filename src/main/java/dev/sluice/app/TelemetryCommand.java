package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.backtest.Telemetry;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.train.FileHistory;
import dev.sluice.train.Task;
import dev.sluice.train.TimeRange;
import dev.sluice.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice backtest smap}: one model and one rule for all channels of NASA's SMAP. */
@Command(
    name = "smap",
    mixinStandardHelpOptions = true,
    description = {
      "NASA's SMAP telemetry: learns from the training rows of all channels at once, scores the"
          + " rest as a stream would, and prints F1 by overlapping sequence."
    })
final class TelemetryCommand implements Callable<Integer> {

  private static final String SPACECRAFT = "SMAP";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "Holds labeled_anomalies.csv, train and test.")
  private Path folder;

  @Option(
      names = "--topology",
      paramLabel = "FILE",
      defaultValue = "topologies/smap.yaml",
      description = "How to learn and score (${DEFAULT-VALUE}).")
  private Path topologyFile;

  @Option(
      names = "--gap",
      paramLabel = "EVENTS",
      defaultValue = "300",
      description = "Alerts no further apart are one alarm (${DEFAULT-VALUE}).")
  private int gap;

  @Override
  public Integer call() throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    Topology topology = TopologyFile.read(topologyFile);
    Telemetry telemetry = read();
    Path events = Files.createTempFile("sluice-smap", ".jsonl");
    try {
      EventSchema schema = Declared.schema(topology).forFiles("key", "time");
      telemetry.write(events, false);
      var history = FileHistory.read(events, schema, TimeRange.ALL, _ -> {});
      Model model =
          Trainer.train(
                  Task.of(topology, history, 1, Main.VERSION), new EpochLines(err, "training"))
              .model();
      telemetry.write(events, true);
      Replay replay =
          new Replay(schema, Declared.settings(topology), FixedModels.of(model.version(), model));
      Alerts alerts = new Alerts();
      try (EventFile file = EventFile.open(events, schema)) {
        replay.run(file, alerts);
      }
      print(telemetry, telemetry.judge(alerts.rows, gap));
      return 0;
    } finally {
      Files.delete(events);
    }
  }

  private Telemetry read() throws IOException {
    try {
      return Telemetry.read(folder, SPACECRAFT);
    } catch (IllegalArgumentException e) {
      throw new Complaint(e);
    }
  }

  private void print(Telemetry telemetry, Telemetry.Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(SPACECRAFT + ", " + telemetry.channels().size() + " channels, one model, one rule");
    out.println("found         " + outcome.found() + " anomalies");
    out.println("missed        " + outcome.missed());
    out.println("false alarms  " + outcome.falseAlarms());
    out.println("F1            " + Numbers.four(outcome.f1()));
    out.flush();
  }

  /** The rows of alerts, by channel. */
  private static final class Alerts implements Replay.Sink {

    private final Map<String, List<Integer>> rows = new HashMap<>();
    private final Map<String, Integer> seen = new HashMap<>();

    @Override
    public void result(long line, Result result) {
      String name = new String(result.key(), UTF_8);
      int row = seen.merge(name, 1, Integer::sum) - 1;
      if (result.isAlert()) {
        rows.computeIfAbsent(name, _ -> new ArrayList<>()).add(row);
      }
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      throw new Complaint("line " + line + " cannot be scored: " + why.getMessage());
    }
  }
}
