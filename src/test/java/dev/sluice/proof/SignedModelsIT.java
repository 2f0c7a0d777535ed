package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Main;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a new key to a stream that scores with what the key signed, and with nothing else. */
final class SignedModelsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Map<String, String> NO_MORE = Map.of();

  @TempDir private Path folder;

  @Test
  void aStreamGoesOnWithWhatIsSignedWhileSomebodyPublishesWhatIsNot() throws Exception {
    Path keyFile = folder.resolve("ops.key");
    String publicKey =
        succeed("models", "keygen", keyFile)
            .lines()
            .filter(line -> line.startsWith("    - "))
            .findFirst()
            .orElseThrow()
            .replaceAll("    - | .*$", "");
    try (SandboxBroker broker = SandboxBroker.start()) {
      Stage stage = Stage.set(broker.bootstrap(), folder, "signed", "key: record", "{wave: 256}");
      trust(stage.topologyPath(), publicKey);
      Events events = Events.of(3000, 20, 1, 7);
      int swap = events.count() / 2;
      Path file = stage.path("events.jsonl");
      events.writeTo(file);
      // The oracle has never heard of the forged version 9.
      Oracle oracle =
          Oracle.of(stage.topology(), events, file, ProofModels.swappedAt(Events.timeMillis(swap)));
      stage.createInput(1);
      succeed("models", "sign", artifact(1), "--key", keyFile);
      succeed(publish(stage, artifact(1), "immediate"));

      try (Child run = stage.run("a", NO_MORE);
          KafkaProducer<byte[], byte[]> producer = stage.producer()) {
        run.await("Scoring.", PATIENCE);
        try (Outputs outputs = stage.outputs()) {
          events.list().subList(0, swap).forEach(event -> stage.send(producer, event));
          stage.publish(ProofModels.version(9), Timeline.IMMEDIATE);
          String refusal = run.await("Model refused", PATIENCE);
          assertThat(refusal).contains("readings version 9: it is not signed, and only what key ");
          String from = Instant.ofEpochMilli(Events.timeMillis(swap)).toString();
          Object[] publish = publish(stage, artifact(2), from);
          assertThat(execute(publish).err())
              .startsWith("readings version 2: it is not signed, and only what key ");
          succeed(Stream.concat(Stream.of(publish), Stream.of("--sign-with", keyFile)).toArray());
          run.await(line -> StreamEqualsFileIT.isInForce(line, 2), "version 2", PATIENCE);
          events.list().subList(swap, events.count()).forEach(e -> stage.send(producer, e));
          outputs.awaitCount(events.count() + oracle.alerted().length, Duration.ofSeconds(60));

          assertThat(stage.verdicts(events, oracle, outputs))
              .as(run.said())
              .allMatch(Verdict::isExactlyOnce);
          assertThat(run.lines()).filteredOn(l -> l.contains("Model refused")).hasSize(1);
          assertThat(run.lines()).noneMatch(line -> line.startsWith("\tat "));
          assertThat(run.said()).doesNotContain(Files.readAllLines(keyFile).get(1));
        }
      }
    }
  }

  /** Told apart before a broker is asked, of which there is none here. */
  @Test
  void theKeyOfTheEnvironmentIsSignedWithToo() throws Exception {
    succeed("models", "keygen", folder.resolve("ops.key"));
    Path stranger = folder.resolve("stranger.key");
    succeed("models", "keygen", stranger);
    Stage stage = Stage.set("127.0.0.1:1", folder, "unset", "key: record", "{wave: 256}");
    trust(stage.topologyPath(), Files.readAllLines(folder.resolve("ops.key.pub")).get(1));
    List<String> arguments =
        Stream.of(publish(stage, artifact(1), "immediate")).map(Object::toString).toList();

    try (Child child =
        Child.sluice(
            "publish", arguments, Map.of("SLUICE_SIGNING_KEY_FILE", stranger.toString()))) {
      assertThat(child.awaitExit(PATIENCE)).isEqualTo(1);
      assertThat(child.lines().getLast())
          .startsWith(stranger + ": its key ")
          .contains(" is not in weights.keys, which trusts key ");
    }
  }

  private static Object[] publish(Stage stage, Path artifact, String from) {
    return new Object[] {
      "models",
      "publish",
      stage.topologyPath(),
      artifact,
      "--valid-from",
      from,
      "--bootstrap",
      stage.bootstrap()
    };
  }

  private Path artifact(int version) throws Exception {
    Path file = folder.resolve(version + ".safetensors");
    return Files.write(file, ArtifactWriter.write(ProofModels.version(version)));
  }

  private static void trust(Path topology, String publicKey) throws Exception {
    String text = Files.readString(topology);
    String trusting = text.replace("-weights}", "-weights, keys: [" + publicKey + "]}");
    assertThat(trusting).isNotEqualTo(text);
    Files.writeString(topology, trusting);
  }

  private record Ran(int code, String out, String err) {}

  private static String succeed(Object... words) {
    Ran ran = execute(words);
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out();
  }

  private static Ran execute(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] args = Stream.of(words).map(Object::toString).toArray(String[]::new);
    int code =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
