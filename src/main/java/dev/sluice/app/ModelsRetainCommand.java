package dev.sluice.app;

import dev.sluice.registry.Publication;
import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice models retain}: old weights go. */
@Command(
    name = "retain",
    mixinStandardHelpOptions = true,
    description = {
      "Removes the weights of old versions. Events older than what is kept are from then on"
          + " scored with the oldest version kept, so a replay of them is no longer exact."
    })
final class ModelsRetainCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Option(
      names = "--keep",
      required = true,
      paramLabel = "N",
      description = {"Old versions to keep, besides what is in force, to come, pinned or waiting."})
  private int keep;

  @Override
  public Integer call() throws IOException {
    try (WeightsPublisher publisher = target.publisher()) {
      Publication.Retention done = publisher.retain(keep);
      PrintWriter out = spec.commandLine().getOut();
      out.println("Kept versions " + done.kept() + ", removed the weights of " + done.removed());
      out.flush();
    }
    return 0;
  }
}
