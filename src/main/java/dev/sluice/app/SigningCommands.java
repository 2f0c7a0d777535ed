package dev.sluice.app;

import dev.sluice.artifact.ArtifactFile;
import dev.sluice.artifact.Claim;
import dev.sluice.artifact.SigningKey;
import dev.sluice.artifact.TrustedKeys;
import dev.sluice.artifact.VerifyingKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What of {@code sluice models} is about keys and signatures; none of it needs a broker. */
final class SigningCommands {

  private static final String PUBLIC_SUFFIX = ".pub";

  private SigningCommands() {}

  /** {@code sluice models keygen}: a new key. */
  @Command(
      name = "keygen",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an Ed25519 key: the private one in OUT, for its owner only, the public one in"
            + " OUT.pub."
      })
  static final class Keygen implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "OUT", description = "The file of the private key; must not exist.")
    private Path out;

    @Override
    public Integer call() throws IOException {
      Path publicFile = out.resolveSibling(out.getFileName() + PUBLIC_SUFFIX);
      SigningKey key = SigningKey.generate();
      // The public one first: a private key without it would have to be looked after in vain.
      write(publicFile, () -> createPublic(publicFile, key.verifying()));
      try {
        write(out, () -> key.write(out));
      } catch (IOException | RuntimeException e) {
        Files.deleteIfExists(publicFile);
        throw e;
      }
      PrintWriter said = spec.commandLine().getOut();
      said.println("key id       " + key.id());
      said.println("private key  " + out + ", for this user only; keep it where models are signed");
      said.println("public key   " + publicFile);
      said.println("Topologies that are to trust what it signs need:");
      said.println("weights:");
      said.println("  keys:");
      said.println("    - " + key.verifying().base64() + "  # " + key.id());
      said.flush();
      return 0;
    }

    private static void createPublic(Path file, VerifyingKey key) throws IOException {
      Files.writeString(file, key.pem(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    private static void write(Path file, Write write) throws IOException {
      try {
        write.run();
      } catch (FileAlreadyExistsException _) {
        throw new Complaint(
            file + ": there is such a file already, and no key is overwritten. Give another name");
      } catch (UnsupportedOperationException _) {
        throw new Complaint(
            file
                + ": this file system cannot keep a file for one user only. Give a place on one"
                + " that can");
      }
    }

    /** Writes a file. */
    private interface Write {
      void run() throws IOException;
    }
  }

  /** {@code sluice models sign}: a signature beside an artifact. */
  @Command(
      name = "sign",
      mixinStandardHelpOptions = true,
      description = {
        "Signs an artifact: vouches for its bytes, its model and its version in ARTIFACT.sig, which"
            + " `models publish` and `score` find there."
      })
  static final class Sign implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ARTIFACT", description = "The model.")
    private Path artifact;

    @Option(
        names = "--key",
        required = true,
        paramLabel = "FILE",
        description = "The private key, a file of `models keygen`.")
    private Path keyFile;

    @Override
    public Integer call() throws IOException {
      SigningKey key = SigningKey.read(keyFile);
      Claim claim = ArtifactFile.read(artifact).sign(key);
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          ArtifactFile.signaturePath(artifact) + ": " + claim + ", signed by key " + key.id());
      out.flush();
      return 0;
    }
  }

  /** {@code sluice models verify}: is an artifact what somebody trusted signed. */
  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = "Says whose signature in ARTIFACT.sig is right, or fails.")
  static final class Verify implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ARTIFACT", description = "The model.")
    private Path artifact;

    @Option(
        names = "--keys",
        required = true,
        arity = "1..*",
        paramLabel = "FILE",
        description = "Public keys, the .pub files of `models keygen`; one of them must match.")
    private List<Path> keyFiles;

    @Override
    public Integer call() {
      Map<String, Path> files = new LinkedHashMap<>();
      List<VerifyingKey> keys = keyFiles.stream().map(VerifyingKey::read).toList();
      for (int i = 0; i < keys.size(); i++) {
        Path earlier = files.putIfAbsent(keys.get(i).id(), keyFiles.get(i));
        if (earlier != null) {
          throw new Complaint(
              keyFiles.get(i) + ": this is the key of " + earlier + " again. Give each once");
        }
      }
      ArtifactFile file = ArtifactFile.read(artifact);
      VerifyingKey key = file.require(TrustedKeys.of(keys));
      PrintWriter out = spec.commandLine().getOut();
      out.println(
          artifact + ": " + file.claim() + ", signed by " + key + " of " + files.get(key.id()));
      out.flush();
      return 0;
    }
  }
}
