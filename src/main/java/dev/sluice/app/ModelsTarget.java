package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The topology whose model versions an order is about, and how to reach them. */
final class ModelsTarget {

  @Parameters(index = "0", paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology;

  @Mixin private KafkaOptions kafka;

  private @Nullable Topology file;

  /** Returns the topology, read once. */
  Topology file() throws IOException {
    Topology read = file == null ? TopologyFile.read(topology) : file;
    file = read;
    return read;
  }

  KafkaOptions kafka() {
    return kafka;
  }

  /** Takes over from any other publisher of the model. */
  WeightsPublisher publisher() throws IOException {
    return ModelsCommand.open(file(), kafka);
  }
}
