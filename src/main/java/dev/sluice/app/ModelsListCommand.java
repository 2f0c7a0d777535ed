package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.quality.LiveQuality;
import dev.sluice.quality.ScoresTopic;
import dev.sluice.registry.WeightsReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice models list}: what is in force, where it comes from, and how it does. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Which version is in force from when, where each comes from, and how it does.")
final class ModelsListCommand implements Callable<Integer> {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Option(
      names = "--live",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = {
        "Add what the results of so long, such as 1h, say of each version: mean surprise of keys"
            + " that are warm, share of alerts, last event."
      })
  private @Nullable Duration live;

  @Option(names = "--json", description = "One JSON object in place of tables.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Topology file = target.file();
    Instant now = Instant.now();
    VersionList list;
    try (WeightsReader reader = ModelsCommand.reader(file, target.kafka())) {
      reader.refresh();
      list = VersionList.read(reader, file, now.toEpochMilli());
    }
    PrintWriter out = spec.commandLine().getOut();
    @Nullable LiveQuality quality = live == null ? null : quality(file, now.minus(live));
    if (json) {
      out.println(VersionJson.write(list, quality));
    } else {
      VersionTables.lines(list, quality).forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private LiveQuality quality(Topology file, Instant since) throws IOException {
    var quality = new LiveQuality();
    try (ScoresTopic scores =
            ScoresTopic.open(
                KafkaOptions.clientMap(target.kafka().properties(file)),
                file.output().scores(),
                since.toEpochMilli(),
                TIMEOUT);
        Progress progress = Progress.on(spec.commandLine().getErr(), "results read")) {
      scores.readToEnd(
          scored -> {
            quality.accept(scored);
            progress.add(1);
          });
    }
    return quality;
  }
}
