package dev.sluice.app;

import dev.sluice.backtest.Telemetry;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.model.Model;
import dev.sluice.river.Declared;
import java.io.IOException;
import java.io.PrintWriter;
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
    Topology topology = TopologyFile.read(topologyFile);
    Telemetry telemetry = read();
    BenchmarkRun run = new BenchmarkRun(topology, spec.commandLine().getErr());
    Model model = run.train(file -> telemetry.write(file, false));
    Map<String, List<Integer>> alerts = new HashMap<>();
    run.score(
        model,
        Declared.settings(topology),
        file -> telemetry.write(file, true),
        (channel, row, result) -> {
          if (result.isAlert()) {
            alerts.computeIfAbsent(channel, _ -> new ArrayList<>()).add(row);
          }
        });
    print(telemetry, telemetry.judge(alerts, gap));
    return 0;
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
}
