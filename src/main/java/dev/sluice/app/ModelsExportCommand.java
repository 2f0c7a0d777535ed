package dev.sluice.app;

import dev.sluice.exchange.OnnxExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models export}: an artifact as ONNX. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the network of an artifact as an ONNX graph, whose memory is an input and an output."
          + " Scaling, vocabulary and calibration stay in the artifact, which PyTorch and"
          + " safetensors read as it is."
    })
final class ModelsExportCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "ARTIFACT", description = "The artifact.")
  private Path artifact = Path.of("");

  @Option(
      names = "--output",
      required = true,
      paramLabel = "FILE",
      description = "Write the graph there.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    byte[] graph;
    try {
      graph = OnnxExport.of(ModelFiles.read(artifact));
    } catch (IllegalArgumentException e) {
      throw new Complaint(
          artifact + ": " + e.getMessage() + ". Use the artifact: it is a safetensors file");
    }
    Files.write(output, graph);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        "Exported to "
            + output
            + ", "
            + Numbers.grouped(graph.length)
            + " bytes: x, memory -> y, memory; `y` is what is below the heads");
    out.flush();
    return 0;
  }
}
