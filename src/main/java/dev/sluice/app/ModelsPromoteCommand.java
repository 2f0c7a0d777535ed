package dev.sluice.app;

import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models promote}: an earlier or a waiting version comes in force. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description = "Puts a version that was published before in force, as the newest.")
final class ModelsPromoteCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version to put in force.")
  private int version;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Override
  public Integer call() throws IOException {
    try (WeightsPublisher publisher = target.publisher()) {
      ModelsCommand.say(spec, publisher.promote(version, validFrom.millis(publisher)));
    }
    return 0;
  }
}
