package dev.sluice.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.config.Topology;
import dev.sluice.quality.Drift;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice models drift}: whether the events are still those that the model knows. */
@Command(
    name = "drift",
    mixinStandardHelpOptions = true,
    description = {
      "Compares what came lately with what the version published last was held out from in"
          + " training: each feature as the model reads it, how often it is missing, and the"
          + " surprise, by the population stability index."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; no drift",
      "1:failed; the reason is on standard error",
      "2:misuse",
      "3:drift"
    })
final class ModelsDriftCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Option(
      names = "--live",
      paramLabel = "DURATION",
      defaultValue = "24h",
      converter = Durations.class,
      description = "What came in so long is looked at (${DEFAULT-VALUE}).")
  private Duration live;

  @Option(
      names = "--bound",
      paramLabel = "INDEX",
      defaultValue = "" + Drift.LARGE,
      description = {
        "Stability index from which it is drift (${DEFAULT-VALUE}); below 0.1 is no change."
      })
  private double bound;

  @Option(names = "--json", description = "One JSON object in place of a table.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (!(bound > 0)) {
      throw new ParameterException(spec.commandLine(), "--bound " + bound + " is not above 0");
    }
    Topology file = target.file();
    Map<String, String> kafka = KafkaOptions.clientMap(target.kafka().properties(file));
    DriftCheck check =
        DriftCheck.ofNewest(file, kafka)
            .orElseThrow(
                () ->
                    new Complaint(
                        "No version of "
                            + file.modelId()
                            + " is published. Train one with `sluice train TOPOLOGY --publish`"));
    if (!check.canTell()) {
      throw new Complaint(
          file.modelId()
              + " version "
              + check.model().version()
              + " does not say what it was held out from: it was trained by an older release, or"
              + " imported. Train it again");
    }
    Drift drift = check.since(Instant.now().minus(live).toEpochMilli(), bound, _ -> {});
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(write(check, drift));
    } else {
      print(check, drift, out);
    }
    out.flush();
    return drift.drifted().isEmpty() ? 0 : ModelsGuardCommand.FOUND;
  }

  private static void print(DriftCheck check, Drift drift, PrintWriter out) {
    List<String> predicted = check.model().predicted();
    var table = new Table("what", "index", "values", "missing then", "now", "index of missing");
    for (Drift.Finding finding : drift.findings()) {
      table.row(
          finding.name() + (predicted.contains(finding.name()) ? " (predicted)" : ""),
          index(finding.index()),
          Numbers.grouped(finding.values()),
          Numbers.two(100 * finding.missingThen()) + " %",
          Numbers.two(100 * finding.missingNow()) + " %",
          index(finding.missingIndex()));
    }
    out.println(check.model().id() + " version " + check.model().version());
    table.lines().forEach(out::println);
    out.println(DriftCheck.verdict(drift));
  }

  private static String index(double index) {
    return Double.isNaN(index) ? "too few" : Numbers.two(index);
  }

  private static String write(DriftCheck check, Drift drift) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("id", check.model().id()).put("version", check.model().version());
    root.put("drift", !drift.drifted().isEmpty()).put("bound", drift.bound());
    ArrayNode findings = root.putArray("findings");
    for (Drift.Finding finding : drift.findings()) {
      ObjectNode to = findings.addObject();
      to.put("name", finding.name()).put("values", finding.values());
      put(to, "index", finding.index());
      put(to, "missingIndex", finding.missingIndex());
      to.put("missingThen", finding.missingThen()).put("missingNow", finding.missingNow());
    }
    return root.toString();
  }

  private static void put(ObjectNode to, String name, double index) {
    if (!Double.isNaN(index)) {
      to.put(name, index);
    }
  }
}
