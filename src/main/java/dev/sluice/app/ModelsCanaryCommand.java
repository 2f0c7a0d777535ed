package dev.sluice.app;

import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models canary}: a version that is on the topic judges some of the keys. */
@Command(
    name = "canary",
    mixinStandardHelpOptions = true,
    description = {
      "Puts a version that was published before in force for a share of the keys, the same ones on"
          + " every instance. `promote` puts it in force for all, `rollback` takes it back."
    })
final class ModelsCanaryCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version to try.")
  private int version;

  @Option(
      names = "--share",
      required = true,
      paramLabel = "SHARE",
      converter = Share.Converter.class,
      description = "Of the keys: `10%%` or `0.1`. At least that of the canary it follows.")
  private Share share;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Override
  public Integer call() throws IOException {
    try (WeightsPublisher publisher = target.publisher()) {
      ModelsCommand.say(spec, publisher.canary(version, share.part(), validFrom.millis(publisher)));
    }
    return 0;
  }
}
