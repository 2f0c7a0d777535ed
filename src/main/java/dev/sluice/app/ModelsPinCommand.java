package dev.sluice.app;

import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models pin}: a version stays in force whatever is published. */
@Command(
    name = "pin",
    mixinStandardHelpOptions = true,
    description = {
      "Keeps a version in force: what is published from now on is stored and waits until"
          + " `unpin`."
    })
final class ModelsPinCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Parameters(index = "1", paramLabel = "VERSION", description = "The version to keep in force.")
  private int version;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Override
  public Integer call() throws IOException {
    try (WeightsPublisher publisher = target.publisher()) {
      ModelsCommand.say(spec, publisher.pin(version, validFrom.millis(publisher)));
    }
    return 0;
  }
}
