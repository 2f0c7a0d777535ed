package dev.sluice.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.capacity.Costs;
import dev.sluice.capacity.Demand;
import dev.sluice.capacity.KeyMemory;
import dev.sluice.capacity.Plan;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice plan}: how many machines a topology needs, and why. */
@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description = {
      "Says what so many keys and events need: partitions, instances, memory, disk, network, time"
          + " to restore; each with its formula, from measured costs."
    })
final class PlanCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Option(names = "--keys", required = true, paramLabel = "N", description = "Keys: 10k, 100M.")
  private String keys;

  @Option(names = "--rate", required = true, paramLabel = "N", description = "Events a second: 1M.")
  private String rate;

  @Option(
      names = "--skew",
      defaultValue = "uniform",
      description = "How keys come: ${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} if not given.")
  private Demand.Skew skew;

  @Option(names = "--cores", defaultValue = "4", description = "Cores of an instance; 4.")
  private int cores;

  @Option(names = "--load", defaultValue = "0.6", description = "Share of a core to use; 0.6.")
  private double load;

  @Option(names = "--replication", defaultValue = "3", description = "Copies on brokers; 3.")
  private int replication;

  @Option(names = "--standbys", defaultValue = "1", description = "Copies of a memory; 1.")
  private int standbys;

  @Option(names = "--key-bytes", defaultValue = "16", description = "Bytes of a key; 16.")
  private int keyBytes;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "Costs measured on your machine, by `sluice bench --json FILE`.")
  private @Nullable Path costs;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Topology file = TopologyFile.read(topology);
    double commit = file.delivery().commitInterval().toNanos() / 1e9;
    Costs measured = costs();
    Plan plan;
    try {
      var demand =
          new Demand(
              (long) number(keys),
              number(rate),
              skew,
              commit,
              keyBytes,
              replication,
              standbys,
              cores,
              load);
      plan = Plan.of(demand, file.model().hidden(), KeyMemory.of(file, keyBytes), measured);
    } catch (IllegalArgumentException e) {
      throw new Complaint(e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(json(plan, measured));
    } else {
      out.println("Costs measured on " + measured.machine() + ".");
      plan.lines().forEach(line -> print(line, out));
    }
    out.flush();
    return 0;
  }

  private Costs costs() throws IOException {
    if (costs == null) {
      return Costs.shipped();
    }
    try (InputStream in = Files.newInputStream(costs)) {
      return Costs.read(in, costs.toString());
    }
  }

  private static void print(Plan.Line line, PrintWriter out) {
    String pattern = line.value() >= 100 ? "%,.0f" : "%.4g";
    out.println(String.format(Locale.ROOT, pattern, line.value()) + " " + line.unit());
    out.println("    " + line.name() + " = " + line.formula());
  }

  private static String json(Plan plan, Costs measured) throws IOException {
    var mapper = new ObjectMapper();
    ObjectNode all = mapper.createObjectNode().put("machine", measured.machine());
    plan.lines().forEach(line -> all.put(line.name(), line.value()));
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  /** Reads 250, 10k, 1.5M or 2G. */
  static double number(String text) {
    double unit =
        switch (text.isEmpty() ? ' ' : text.charAt(text.length() - 1)) {
          case 'k' -> 1e3;
          case 'M' -> 1e6;
          case 'G' -> 1e9;
          default -> 1;
        };
    try {
      return unit * Double.parseDouble(unit == 1 ? text : text.substring(0, text.length() - 1));
    } catch (NumberFormatException _) {
      throw new Complaint("'" + text + "' is no number. Write it like 250, 10k or 1.5M");
    }
  }
}
