package dev.sluice.app;

import dev.sluice.artifact.SigningKey;
import dev.sluice.artifact.TrustedKeys;
import dev.sluice.config.Topology;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** With which key to sign, for every command that publishes. A file, so that no secret is typed. */
final class SigningOptions {

  /** Names the file of the private key where no option does. */
  static final String VARIABLE = "SLUICE_SIGNING_KEY_FILE";

  @Option(
      names = "--sign-with",
      paramLabel = "KEY",
      description = {
        "Sign the model with this private key, a file of `models keygen`; otherwise the file that"
            + " environment variable "
            + VARIABLE
            + " names."
      })
  private @Nullable Path file;

  /**
   * Returns the key to sign with; empty if none is given.
   *
   * @throws Complaint if the instances of the topology would refuse what it signs
   */
  Optional<SigningKey> key(Topology topology) {
    Path chosen = file == null ? ofEnvironment() : file;
    if (chosen == null) {
      return Optional.empty();
    }
    SigningKey key = SigningKey.read(chosen);
    Optional<TrustedKeys> trusted = Trust.of(topology);
    if (trusted.isPresent() && !trusted.get().ids().contains(key.id())) {
      throw new Complaint(
          chosen
              + ": its key "
              + key.id()
              + " is not in weights.keys, which trusts "
              + trusted.get()
              + ". Sign with a key that is, or add its public key first");
    }
    return Optional.of(key);
  }

  /**
   * As {@link #key}, for what is about to be made and so has no signature yet.
   *
   * @throws Complaint also if the topology wants a signature and no key is given
   */
  Optional<SigningKey> keyForPublishing(Topology topology) {
    Optional<SigningKey> key = key(topology);
    if (key.isEmpty() && !topology.weights().keys().isEmpty()) {
      throw new Complaint(
          "The topology's weights.keys let in signed models only. Give the private key with"
              + " --sign-with, or its file's name in "
              + VARIABLE);
    }
    return key;
  }

  private static @Nullable Path ofEnvironment() {
    String name = System.getenv(VARIABLE);
    return name == null || name.isBlank() ? null : Path.of(name);
  }
}
