package dev.sluice.app;

import dev.sluice.artifact.ArtifactFile;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.artifact.Claim;
import dev.sluice.artifact.ModelSignature;
import dev.sluice.artifact.SigningKey;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import dev.sluice.registry.Publication;
import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models publish}: a file goes on the weights topic and in force. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description = "Puts an artifact on the weights topic and in force.")
final class ModelsPublishCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Parameters(index = "1", paramLabel = "ARTIFACT", description = "The model.")
  private Path artifact;

  @Option(
      names = "--as",
      paramLabel = "VERSION",
      description = "Publish under another version than the artifact says.")
  private @Nullable Integer as;

  @Option(
      names = "--canary",
      paramLabel = "SHARE",
      converter = Share.Converter.class,
      description = "Put it in force for a share of the keys only: `10%%` or `0.1`.")
  private @Nullable Share canary;

  @Mixin private SigningOptions signing;

  @Mixin private ModelsCommand.ValidFrom validFrom;

  @Override
  public Integer call() throws IOException {
    Topology file = target.file();
    Optional<SigningKey> key = signing.key(file);
    ArtifactFile given = ArtifactFile.read(artifact);
    Model model = ModelFiles.fitting(given.model(), file, artifact.toString());
    int version = as == null ? model.version() : as;
    boolean renamed = version != model.version();
    // As it lies there: a signature is of these bytes.
    byte[] bytes = renamed ? ArtifactWriter.write(model.withVersion(version)) : given.bytes();
    Claim claim = Claim.of(model.id(), version, bytes);
    Optional<ModelSignature> signature =
        key.map(k -> k.sign(claim)).or(() -> renamed ? Optional.empty() : given.signature());
    try (WeightsPublisher publisher = target.publisher()) {
      long when = validFrom.millis(publisher);
      Publication done =
          canary == null
              ? publisher.publish(bytes, version, when, signature)
              : publisher.publishCanary(bytes, version, canary.part(), when, signature);
      ModelsCommand.say(spec, done);
    }
    return 0;
  }
}
