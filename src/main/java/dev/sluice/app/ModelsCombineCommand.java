package dev.sluice.app;

import dev.sluice.model.Ensemble;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models combine}: several small models as one. */
@Command(
    name = "combine",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an ensemble: models of one topology, trained from one history with different seeds,"
          + " as one model that predicts their mean. It is as wide as all of them together."
    })
final class ModelsCombineCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(arity = "2..*", paramLabel = "ARTIFACT", description = "Two models or more.")
  private List<Path> members = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "ARTIFACT",
      description = "Write the ensemble there; it has the first one's version.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    String written = ModelFiles.write(combine(), output);
    out.println("An ensemble of " + members.size() + " is written to " + written);
    out.flush();
    return 0;
  }

  private Model combine() {
    try {
      return Ensemble.of(members.stream().map(ModelFiles::read).toList());
    } catch (IllegalArgumentException e) {
      String paths = members.stream().map(Path::toString).collect(Collectors.joining(", "));
      throw new Complaint(
          paths
              + ": "
              + e.getMessage()
              + ". Train the members with the same topology file and history, and different"
              + " training.seed");
    }
  }
}
