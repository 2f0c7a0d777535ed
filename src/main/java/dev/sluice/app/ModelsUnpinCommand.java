package dev.sluice.app;

import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice models unpin}: what waited comes in force. */
@Command(
    name = "unpin",
    mixinStandardHelpOptions = true,
    description = "Takes a pin away, and puts the newest of the versions that waited in force.")
final class ModelsUnpinCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Option(
      names = "--stay",
      description = "Leave the version in force that was pinned, and the others where they are.")
  private boolean stay;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Override
  public Integer call() throws IOException {
    try (WeightsPublisher publisher = target.publisher()) {
      OptionalLong from =
          stay ? OptionalLong.empty() : OptionalLong.of(validFrom.millis(publisher));
      ModelsCommand.say(spec, publisher.unpin(from));
    }
    return 0;
  }
}
