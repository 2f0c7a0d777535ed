package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.sandbox.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that stays, in a process of its own: what it decides as its topic goes on. */
final class TrainFollowIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;
  private final Random random = new Random(1);
  private int sent;

  @Test
  void itPublishesWhatIsBetterOutlivesTheBrokerAndStopsWhenAsked() throws Exception {
    int port = freePort();
    SandboxSettings settings =
        SandboxSettings.alone().withPort(port).withFolder(folder.resolve("broker"));
    Path topology = topology();
    try (Child trainer = trainer(topology, port)) {
      trainer.await("Not trained: No Kafka broker answers at 127.0.0.1:" + port, PATIENCE);
      try (SandboxBroker broker = SandboxBroker.start(settings)) {
        createTopic(broker);
        send(broker, 600);
        String first = trainer.await("Version 1 of lab is published, in force at once.", PATIENCE);
        assertThat(first).contains(" nats on the held-out part; learned from 480 events, anew.");
        trainer.await("Not trained: nothing is new on topic lab.", PATIENCE);
        send(broker, 3_000);
        String second = trainer.await("Version 2 of lab is published, in force from ", PATIENCE);
        assertThat(second)
            .containsPattern("It reaches -?[0-9.]+ nats on the held-out part, version 1 -?[0-9.]+;")
            .containsPattern(" learned from [0-9,]+ events, going on from version 1\\.$");
      }
      int before = trainer.lines().size();
      trainer.await(
          line ->
              line.contains("Not trained: ")
                  && trainer.lines().subList(before, trainer.lines().size()).contains(line),
          "that the broker is gone",
          PATIENCE);
      try (SandboxBroker broker = SandboxBroker.start(settings)) {
        // Little that is new: sooner or later there is hardly anything to gain.
        for (int i = 0; i < 60 && !trainer.hasSaid("Kept version "); i++) {
          send(broker, 20);
          Thread.sleep(1000);
        }
        assertThat(trainer.hasSaid("Kept version ")).as(trainer.said()).isTrue();
        trainer.signal("TERM");
        trainer.await("  Stopped.", Duration.ofSeconds(20));
        assertThat(trainer.awaitExit(PATIENCE)).isEqualTo(143);
        assertThat(trainer.lines()).noneMatch(line -> line.startsWith("\tat "));
      }
    }
  }

  private Path topology() throws IOException {
    return Files.writeString(
        folder.resolve("lab.yaml"),
        "name: lab\ninput: {topic: lab}\nfeatures: [{number: x}]\n"
            + "model: {hidden: 8, predict: {gaussian: x}}\n"
            + "training: {window: 20, epochs: 3}\n");
  }

  private static Child trainer(Path topology, int port) {
    return Child.sluice(
        "trainer",
        List.of(
            "train",
            topology.toString(),
            "--follow",
            "--every",
            "1s",
            "--min-events",
            "600",
            "--min-gain",
            "0.05",
            "--bootstrap",
            "127.0.0.1:" + port));
  }

  private static void createTopic(SandboxBroker broker) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("lab", 1, (short) 1))).all().get();
    }
  }

  private void send(SandboxBroker broker, int events) {
    Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrap());
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < events; i++) {
        double x = Math.sin(sent++ / 4.0) + 0.1 * random.nextGaussian();
        byte[] text = ("{\"x\":" + x + "}").getBytes(UTF_8);
        producer.send(
            new ProducerRecord<>("lab", null, (long) 1000 * sent, new byte[] {'k'}, text));
      }
    }
  }

  private static int freePort() throws IOException {
    try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return free.getLocalPort();
    }
  }
}
