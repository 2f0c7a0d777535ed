package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.artifact.ArtifactReader;
import dev.sluice.model.Model;
import dev.sluice.sandbox.SandboxBroker;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as typed: what it prints, what it leaves behind, how it ends. */
final class TrainCommandIT {

  @TempDir private Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    String[] args = new String[words.length];
    for (int i = 0; i < args.length; i++) {
      args[i] = words[i].toString();
    }
    return new Ran(line.execute(args), out.toString(), err.toString());
  }

  private Path topology(String training) throws IOException {
    return Files.writeString(
        folder.resolve("lab.yaml"),
        "name: lab\ninput: {topic: lab}\nfeatures: [{number: x}]\n"
            + "model: {hidden: 8, predict: {gaussian: x}}\ntraining: {"
            + training
            + "}\n");
  }

  private Path events() throws IOException {
    List<String> lines = new ArrayList<>(List.of("key,time,x"));
    var random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      lines.add("k," + i + "," + (Math.sin(i / 4.0) + 0.1 * random.nextGaussian()));
    }
    lines.add("k,2000,many");
    return Files.write(folder.resolve("events.csv"), lines);
  }

  @Test
  void aModelFromAFileIsWrittenAndGoneOnFrom() throws IOException {
    Path topology = topology("window: 20, epochs: 2");
    Path events = events();
    Path first = folder.resolve("first.safetensors");
    Path second = folder.resolve("second.safetensors");

    Ran trained = run("train", topology, "--input", events, "--output", first, "--seed", 7);
    Ran again = run("train", topology, "--input", events, "--output", second, "--from", first);

    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.err())
        .contains("1 events were rejected and left out:")
        .contains(":2002: WRONG_TYPE: field x");
    assertThat(trained.out())
        .contains("model      lab version 1")
        .contains("1,600 of 1 keys to learn from, 400 to validate with")
        .contains("written to " + first);
    assertThat(ArtifactReader.read(first).lineage().seed()).isEqualTo(7);
    assertThat(again.code()).as(again.err()).isZero();
    Model model = ArtifactReader.read(second);
    assertThat(model.version()).isEqualTo(2);
    assertThat(model.lineage().parentVersion()).isEqualTo(1);
  }

  @Test
  void mistakesAreOneLineAndAnExitCode() throws IOException {
    Path topology = topology("window: 4000");
    Path events = events();

    assertThat(run("train", topology).code()).isEqualTo(2);
    assertThat(run("train", topology, "--output", "x", "--seed", "-1").code()).isEqualTo(2);
    assertThat(run("train", topology, "--follow", "--every", "0s").code()).isEqualTo(2);
    Ran alone = run("train", topology, "--follow", "--input", events);
    assertThat(alone.code()).isEqualTo(2);
    assertThat(alone.err())
        .startsWith("--input cannot stand beside --follow. Leave one of them out");
    Ran little = run("train", topology, "--input", events, "--output", folder.resolve("x"));
    assertThat(little.code()).isEqualTo(1);
    assertThat(little.err())
        .endsWith(
            "The history holds 2000 events of 1 keys; 10000 are needed at least: two windows of"
                + " 4000 to learn from, and the latest 0.2 of all to validate with. Record more,"
                + " or make training.window smaller"
                + System.lineSeparator());
  }

  @Test
  void onlyABetterModelIsPublished() throws IOException {
    Path events = events();
    try (SandboxBroker broker = SandboxBroker.start()) {
      Path topology = topology("window: 20, epochs: 3");
      Ran good = publish(topology, events, broker);
      Path worse = topology("window: 20, epochs: 1, learningRate: 0.0001");
      Ran bad = publish(worse, events, broker);
      Ran forced = publish(worse, events, broker, "--force", "--valid-from", "immediate");
      Ran list = run("models", "list", topology, "--bootstrap", broker.bootstrap());

      assertThat(good.code()).as(good.err()).isZero();
      assertThat(good.out()).contains("Version 1 of lab is published, in force at once.");
      assertThat(bad.code()).isEqualTo(1);
      assertThat(bad.err())
          .contains("Not published: on the same validation part version 1 has a surprise of")
          .contains("--force publishes it anyway");
      assertThat(forced.code()).as(forced.err()).isZero();
      assertThat(forced.out()).contains("Version 2 of lab is published, in force at once.");
      assertThat(list.out().lines().filter(line -> line.matches(".* at once +published .*")))
          .hasSize(2);
      assertThat(list.out()).contains("1,600 events of file events.csv");
      onlyASignedModelIsPublishedWhereKeysAreListed(worse, events, broker);
    }
  }

  /** What nobody signed is no rival either, however good it is. */
  private void onlyASignedModelIsPublishedWhereKeysAreListed(
      Path topology, Path events, SandboxBroker broker) throws IOException {
    Path key = folder.resolve("ops.key");
    run("models", "keygen", key);
    String line = Files.readAllLines(Path.of(key + ".pub")).get(1);
    Files.writeString(topology, Files.readString(topology) + "weights: {keys: [" + line + "]}\n");
    Path file = folder.resolve("third.safetensors");

    Ran unsigned = publish(topology, events, broker);
    Ran signed = publish(topology, events, broker, "--sign-with", key, "--output", file);
    Ran back = run("models", "rollback", topology, 1, "--bootstrap", broker.bootstrap());
    Ran verified = run("models", "verify", file, "--keys", key + ".pub");

    assertThat(unsigned.code()).isEqualTo(1);
    assertThat(unsigned.out()).as("nothing was trained").isEmpty();
    assertThat(signed.code()).as(signed.err()).isZero();
    assertThat(signed.err())
        .contains("Version 2 cannot be compared with: lab version 2: it is not signed, and only ");
    assertThat(signed.out())
        .contains("signed in " + file + ".sig by key ")
        .contains("Version 3 of lab is published");
    assertThat(back.code()).isEqualTo(1);
    assertThat(back.err()).startsWith("lab version 1: it is not signed, and only what key ");
    assertThat(verified.out()).startsWith(file + ": lab version 3 (sha256 ");
  }

  private static Ran publish(Path topology, Path events, SandboxBroker broker, Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of(
                "train",
                topology,
                "--input",
                events,
                "--publish",
                "--bootstrap",
                broker.bootstrap()));
    words.addAll(List.of(more));
    return run(words.toArray());
  }
}
