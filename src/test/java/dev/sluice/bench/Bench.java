package dev.sluice.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.sluice.app.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sluice bench}: Sluice and its peers, end to end, on one broker in one session. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    version = "sluice " + Main.VERSION,
    description = {
      "Measures Sluice end to end beside a pass-through (a) and the program that everyone writes"
          + " (b: Kafka Streams, RocksDB, ONNX Runtime, one key a call). Broker and application"
          + " each have a JVM of their own; on a machine of two cores they share them. Linux only:"
          + " CPU times are read from /proc."
    })
public final class Bench implements Callable<Integer> {

  /** What can be measured. */
  enum What {
    /** A full topic drained. */
    THROUGHPUT,
    /** Append to committed result, at half of (b)'s peak rate. */
    LATENCY,
    /** Kill -9 of the only instance. */
    RESTART,
    /** Kill -9 of one of two, with a standby. */
    FAILOVER,
    /** New weights while events flow, at the rate that is given. */
    SWAP
  }

  @Option(names = "--hidden", split = ",", defaultValue = "64", description = "LSTM units.")
  List<Integer> hidden;

  @Option(names = "--keys", split = ",", defaultValue = "10000", description = "Numbers of keys.")
  List<Integer> keys;

  @Option(
      names = "--skew",
      split = ",",
      defaultValue = "uniform",
      description = "How keys come: ${COMPLETION-CANDIDATES}.")
  List<Load.Skew> skews;

  @Option(
      names = "--contenders",
      split = ",",
      defaultValue = "a,b,c",
      description = {
        "a: pass-through; b: RocksDB + ONNX Runtime, tuned; b1: the same, untuned; b2: tuned,"
            + " without record cache; c: Sluice; c2: Sluice with state.rowsEvery;"
            + " c3, c4: with state.adapt bias, head;"
            + " d: Sluice with many tokens in each event."
      })
  List<String> contenders;

  @Option(
      names = "--tokens",
      defaultValue = "32",
      description = "Tokens in each event of (d); only its throughput is measured.")
  int tokens;

  @Option(
      names = "--measure",
      split = ",",
      defaultValue = "throughput,latency,restart,failover",
      description = "What to measure: ${COMPLETION-CANDIDATES}.")
  List<What> measures;

  @Option(
      names = "--events",
      defaultValue = "0",
      description = "Events in the topic to drain; by default as many as the fastest needs.")
  long events;

  @Option(names = "--seconds", defaultValue = "10", description = "Measured, each time.")
  double seconds;

  @Option(names = "--warm-up", defaultValue = "10", description = "Seconds left out before.")
  double warmUp;

  @Option(names = "--commit", defaultValue = "100ms", description = "Time between commits.")
  String commit;

  @Option(
      names = "--rows-every",
      defaultValue = "10s",
      description = "state.rowsEvery of (c2): how long a row may be unwritten, up to 60s.")
  String rowsEvery;

  @Option(names = "--threads", defaultValue = "1", description = "Stream threads, and partitions.")
  int threads;

  @Option(
      names = "--repeat",
      defaultValue = "3",
      description = "Rounds; contenders take turns, medians are reported.")
  int repeat;

  @Option(
      names = "--rate",
      defaultValue = "0",
      description = "Events a second for the latency; by default half of (b)'s throughput.")
  double rate;

  @Option(
      names = "--json",
      description = "Write all figures there; `sluice plan --costs` reads it.")
  Path json;

  @Option(
      names = "--folder",
      description = "For the broker's data; by default below java.io.tmpdir.")
  Path folder;

  @Option(names = "--quick", description = "One round of short windows: a look, not a measurement.")
  boolean quick;

  @Option(
      names = "--check-plan",
      description = "Only compare what `sluice plan` says of two instances with two that run.")
  boolean checkPlan;

  /** Runs the benchmark and ends the process. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, command, _) -> {
                  command.getErr().println("bench: " + e);
                  if (!(e instanceof IllegalStateException)) {
                    e.printStackTrace(command.getErr());
                  }
                  return 1;
                })
            .execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (!Files.exists(Path.of("/proc/self/stat"))) {
      throw new IllegalStateException("CPU times are read from /proc, which only Linux has");
    }
    if (quick) {
      seconds = Math.min(seconds, 4);
      warmUp = Math.min(warmUp, 5);
      repeat = 1;
    }
    Path root =
        folder != null
            ? Files.createDirectories(folder.resolve("bench-" + ProcessHandle.current().pid()))
            : Files.createTempDirectory("sluice-bench");
    Measurements measured = Measurements.empty(machine(), String.join(" ", arguments()));
    try (Site site = Site.start(root)) {
      new Session(this, site, measured).run();
    }
    System.out.println(BenchReport.markdown(measured));
    if (json != null) {
      new ObjectMapper()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .writeValue(json.toFile(), measured);
    }
    return 0;
  }

  private static List<String> arguments() {
    String all = System.getProperty("sun.java.command", "");
    return List.of(all.replaceFirst("^\\S+", "sluice bench"));
  }

  long commitMillis() {
    String text = commit.toLowerCase(Locale.ROOT);
    return text.endsWith("ms")
        ? Long.parseLong(text.substring(0, text.length() - 2))
        : 1000 * Long.parseLong(text.replace("s", ""));
  }

  static String machine() throws java.io.IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst(".*: ", ""))
            .findFirst()
            .orElse("unknown processor");
    return Runtime.getRuntime().availableProcessors()
        + " cores of "
        + processor
        + ", shared by broker and application; Java "
        + Runtime.version()
        + ", Kafka "
        + org.apache.kafka.common.utils.AppInfoParser.getVersion()
        + " on loopback, replication 1";
  }
}
