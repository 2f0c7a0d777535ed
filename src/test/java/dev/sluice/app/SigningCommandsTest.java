package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.TopologyFile;
import dev.sluice.proof.ProofModels;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about keys and signatures as typed: what they print, leave behind and refuse. */
final class SigningCommandsTest {

  @TempDir private Path folder;
  private Path key;
  private Path other;
  private Path artifact;
  private Path results;

  @BeforeEach
  void makeTwoKeysAndAModel() throws IOException {
    key = folder.resolve("ops.key");
    other = folder.resolve("other.key");
    artifact = folder.resolve("model.safetensors");
    results = folder.resolve("results.jsonl");
    assertThat(run("models", "keygen", other).code()).isZero();
    Files.write(artifact, ArtifactWriter.write(ProofModels.version(1)));
  }

  @Test
  void aNewKeyIsForItsOwnerOnlyAndSaysWhatATopologyNeeds() throws IOException {
    Ran ran = run("models", "keygen", key);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
    List<String> lines = ran.out().lines().toList();
    assertThat(lines.getFirst()).matches("key id       [0-9a-f]{16}");
    String yaml = String.join("\n", lines.subList(lines.indexOf("weights:"), lines.size()));
    String line = Files.readAllLines(publicOf(key)).get(1);
    assertThat(topology(yaml).weights().keys()).containsExactly(line);
    assertThat(ran.out()).doesNotContain(Files.readAllLines(key).get(1));
  }

  @Test
  void noFileIsOverwrittenByAKey() throws IOException {
    Files.writeString(key, "precious");
    Ran taken = run("models", "keygen", key);
    assertThat(taken.code()).isEqualTo(1);
    assertThat(taken.err().strip())
        .isEqualTo(
            key + ": there is such a file already, and no key is overwritten. Give another name");
    assertThat(key).hasContent("precious");
    assertThat(publicOf(key)).doesNotExist();

    Files.move(key, publicOf(key));
    Ran publicTaken = run("models", "keygen", key);
    assertThat(publicTaken.err()).startsWith(publicOf(key) + ": there is such a file already");
    assertThat(key).doesNotExist();
    assertThat(publicOf(key)).hasContent("precious");

    Ran nowhere = run("models", "keygen", folder.resolve("no/such/folder/key"));
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err().strip()).endsWith("there is no such file or folder");
  }

  @Test
  void whatIsSignedIsVerifiedAndWhatIsChangedIsNot() throws IOException {
    run("models", "keygen", key);
    Ran signed = run("models", "sign", artifact, "--key", key);
    Ran verified = run("models", "verify", artifact, "--keys", publicOf(other), publicOf(key));
    assertThat(signed.code()).as(signed.err()).isZero();
    assertThat(signed.out()).startsWith(artifact + ".sig: readings version 1 (sha256 ");
    assertThat(verified.code()).as(verified.err()).isZero();
    assertThat(verified.out())
        .startsWith(artifact + ": readings version 1 (sha256 ")
        .endsWith(" of " + publicOf(key) + System.lineSeparator());

    Ran stranger = run("models", "verify", artifact, "--keys", publicOf(other));
    assertThat(stranger.code()).isEqualTo(1);
    assertThat(stranger.err()).startsWith(artifact + ": it is signed by key ");

    Files.write(artifact, ArtifactWriter.write(ProofModels.version(2)));
    Ran changed = run("models", "verify", artifact, "--keys", publicOf(key));
    assertThat(changed.code()).isEqualTo(1);
    assertThat(changed.err()).contains("it is the signature of readings version 1 (sha256 ");

    Files.delete(Path.of(artifact + ".sig"));
    Ran unsigned = run("models", "verify", artifact, "--keys", publicOf(key));
    assertThat(unsigned.code()).isEqualTo(1);
    assertThat(unsigned.err()).startsWith(artifact + ": it is not signed, and only what key ");
  }

  @Test
  void mistakesWithKeysAreOneLineAndAnExitCode() {
    assertThat(run("models", "sign", artifact).code()).isEqualTo(2);
    assertThat(run("models", "verify", artifact).code()).isEqualTo(2);
    Ran wrongHalf = run("models", "sign", artifact, "--key", publicOf(other));
    assertThat(wrongHalf.code()).isEqualTo(1);
    assertThat(wrongHalf.err().strip())
        .startsWith(publicOf(other) + ": it holds a \"PUBLIC KEY\". ")
        .doesNotContain("\n");
    Ran twice = run("models", "verify", artifact, "--keys", publicOf(other), publicOf(other));
    assertThat(twice.err()).contains("this is the key of " + publicOf(other) + " again");
  }

  @Test
  void aFileIsScoredWithSignedModelsOnlyUnlessItIsSaidOtherwise() throws IOException {
    run("models", "keygen", key);
    Path topology = folder.resolve("t.yaml");
    Files.writeString(topology, text("weights: {keys: [" + line(key) + "]}"));
    Path events = Files.writeString(folder.resolve("e.jsonl"), EVENT);

    Ran unsigned = score(topology, events);
    assertThat(unsigned.code()).isEqualTo(1);
    assertThat(unsigned.err()).startsWith(artifact + ": it is not signed, and only what key ");
    assertThat(results).doesNotExist();

    Ran tried = score(topology, events, "--unsigned");
    assertThat(tried.code()).as(tried.err()).isZero();
    List<String> wanted = Files.readAllLines(results);

    run("models", "sign", artifact, "--key", key);
    Ran signed = score(topology, events);
    assertThat(signed.code()).as(signed.err()).isZero();
    assertThat(Files.readAllLines(results)).isEqualTo(wanted).hasSize(1);
  }

  /** Before a broker is asked, and before an hour of training. */
  @Test
  void whatWouldBeRefusedIsNotEvenBegun() throws IOException {
    run("models", "keygen", key);
    Path topology = folder.resolve("t.yaml");
    Files.writeString(topology, text("weights: {keys: [" + line(key) + "]}"));

    Ran foreign = run("models", "publish", topology, artifact, "--sign-with", other);
    assertThat(foreign.code()).isEqualTo(1);
    assertThat(foreign.err()).startsWith(other + ": its key ").contains(" is not in weights.keys,");
    Ran trained = run("train", topology, "--publish");
    assertThat(trained.code()).isEqualTo(1);
    assertThat(trained.err())
        .startsWith("The topology's weights.keys let in signed models only. Give the private key");
    Ran checked = run("check", topology, "--offline");
    assertThat(checked.out()).contains("  models: only those that key ");
  }

  private static final String EVENT = "{\"key\":\"a\",\"time\":1000,\"value\":1.5}\n";

  private static String text(String weights) {
    return "name: t\ninput: {topic: t}\nfeatures: [{number: value, scale: key}, {time: of-day}]\n"
        + "model: {id: readings, hidden: 24, predict: {value: value}}\n"
        + weights
        + "\n";
  }

  private static dev.sluice.config.Topology topology(String weights) {
    return TopologyFile.parse(text(weights), "t.yaml", Map.of());
  }

  private Ran score(Path topology, Path events, Object... more) {
    var words =
        new java.util.ArrayList<Object>(
            List.of("score", topology, "--model", artifact, "--input", events));
    words.addAll(List.of("--output", results));
    words.addAll(List.of(more));
    return run(words.toArray());
  }

  private static String line(Path key) throws IOException {
    return Files.readAllLines(publicOf(key)).get(1);
  }

  private static Path publicOf(Path key) {
    return Path.of(key + ".pub");
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] args = List.of(words).stream().map(Object::toString).toArray(String[]::new);
    int code =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
