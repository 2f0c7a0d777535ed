package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.general.GeneralModel;
import dev.sluice.general.GeneralSeries;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models general}: the shipped model as a file, or what it was learned from. */
@Command(
    name = "general",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the general model that is shipped, for the number that a topology predicts: to"
          + " inspect, to sign and to publish. Or writes the series that it was learned from."
    })
final class ModelsGeneralCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "TOPOLOGY", description = "The topology file.")
  private @Nullable Path topology;

  @Option(names = "--output", paramLabel = "ARTIFACT", description = "Write the model there.")
  private @Nullable Path output;

  @Option(
      names = "--series",
      paramLabel = "FILE",
      description = "Write the series there, as JSON lines; topologies/general.yaml learns them.")
  private @Nullable Path series;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if ((topology == null) != (output == null) || (output == null && series == null)) {
      throw new ParameterException(
          spec.commandLine(), "Give TOPOLOGY and --output ARTIFACT, or --series FILE");
    }
    if (topology != null && output != null) {
      Topology file = TopologyFile.read(topology);
      Model model = fitting(file, topology);
      String written = ModelFiles.write(model, output);
      out.println("The general model as version 1 of " + model.id() + " is written to " + written);
    }
    if (series != null) {
      GeneralSeries.write(series);
      out.println("The series are written to " + series);
    }
    out.flush();
    return 0;
  }

  /** Returns the shipped model as version 1 of a topology's. */
  static Model fitting(Topology file, Path where) {
    return GeneralModel.of(file, 1)
        .orElseThrow(
            () ->
                new Complaint(
                    where
                        + ": the general model scores one number with scale: key, and"
                        + " model.predict asks for something else. Train a model, or give that"
                        + " number scale: key and predict it alone"));
  }
}
