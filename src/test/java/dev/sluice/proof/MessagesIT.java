package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages of many tokens through a stack of an LSTM and a GRU, both trained here: the stream,
 * whose process is killed in the middle, gives byte for byte what the file gives.
 */
final class MessagesIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int MESSAGES = 3_000;
  private static final int LEARNED = 2_000;
  private static final int KEYS = 30;
  private static final long START = 1_795_392_000_000L;

  private static final String TOPOLOGY =
      """
      name: commands
      input: {topic: commands, time: at}
      features:
        - {tokens: text, most: 40}
        - time: elapsed
      model: {hidden: 16, layers: 2, cells: [lstm, gru], predict: {category: text}}
      training: {epochs: 2}
      score: {threshold: 0.6, warmUp: 20, quiet: 5}
      delivery: {wave: 64}
      """;

  @TempDir private Path folder;
  private final Random random = new Random(1);

  @Test
  void aStreamOfMessagesGivesTheBytesOfTheFile() throws Exception {
    Path topology = Files.writeString(folder.resolve("commands.yaml"), TOPOLOGY);
    List<String> messages = messages();
    Path history = folder.resolve("history.jsonl");
    Path file = folder.resolve("messages.jsonl");
    Files.write(history, messages.subList(0, LEARNED));
    Files.write(file, messages.subList(LEARNED, MESSAGES));
    Path model = folder.resolve("commands.safetensors");
    Path scores = folder.resolve("scores.jsonl");
    command("train", topology, "--input", history, "--output", model);
    command("score", topology, "--model", model, "--input", file, "--output", scores);
    List<String> expected = Files.readAllLines(scores);
    assertThat(expected).anyMatch(line -> line.contains("\"alert\":true"));
    assertThat(expected).allMatch(line -> line.contains("\"tokens\":"));
    try (SandboxBroker broker = SandboxBroker.start()) {
      createTopic(broker.bootstrap());
      String[] at = {"--bootstrap", broker.bootstrap()};
      command("models", "publish", topology, model, "--valid-from", "immediate", at[0], at[1]);
      List<Outputs.Found> found = stream(topology, at, messages.subList(LEARNED, MESSAGES));
      assertThat(found.stream().map(one -> new String(one.record().value(), UTF_8)).toList())
          .isEqualTo(expected);
    }
  }

  private List<Outputs.Found> stream(Path topology, String[] at, List<String> messages)
      throws Exception {
    int middle = messages.size() / 2;
    List<String> topics = List.of("commands-scores", "commands-dead-letters");
    try (var producer = producer(at[1])) {
      try (Child run = run(topology, at)) {
        run.await("Scoring.", PATIENCE);
        messages.subList(0, middle).forEach(message -> send(producer, message));
        try (Outputs outputs = Outputs.of(at[1], topics)) {
          outputs.awaitCount(middle / 2, PATIENCE);
        }
        run.kill();
      }
      send(producer, message("killed", "x ".repeat(40)));
      send(producer, message("killed", "half \\ud83d"));
      messages.subList(middle, messages.size()).forEach(message -> send(producer, message));
      try (Child run = run(topology, at);
          Outputs outputs = Outputs.of(at[1], topics)) {
        outputs.awaitCount(messages.size() + 2, PATIENCE);
        assertThat(outputs.of(topics.getLast()))
            .extracting(dead -> dead.header("sluice-reason"))
            .containsExactly("OUT_OF_RANGE", "MALFORMED");
        assertThat(run.terminate(PATIENCE)).isLessThan(PATIENCE);
        return outputs.of(topics.getFirst());
      }
    }
  }

  private Child run(Path topology, String[] at) {
    Path state = folder.resolve("state");
    return Child.sluice(
        "commands",
        List.of("run", topology.toString(), at[0], at[1], "--state-dir", state.toString()));
  }

  private static void command(Object... words) throws Exception {
    List<String> arguments = new ArrayList<>();
    for (Object word : words) {
      arguments.add(word.toString());
    }
    try (Child child = Child.sluice(arguments.getFirst(), arguments)) {
      assertThat(child.awaitExit(PATIENCE)).as(child.said()).isZero();
    }
  }

  private static void createTopic(String bootstrap) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      var topic = new NewTopic("commands", Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    var bytes = new ByteArraySerializer();
    return new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap), bytes, bytes);
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String message) {
    int from = message.indexOf(":\"") + 2;
    byte[] key = message.substring(from, message.indexOf('"', from)).getBytes(UTF_8);
    producer.send(new ProducerRecord<>("commands", key, message.getBytes(UTF_8)));
  }

  private String message(String key, String text) {
    return "{\"key\":\""
        + key
        + "\",\"at\":"
        + (START + sent++ * 500L)
        + ",\"text\":\""
        + text
        + "\"}";
  }

  private int sent;

  /** What people type, now and then something odd; some with escapes, some in other scripts. */
  private List<String> messages() {
    String[] commands = {"ls -l /tmp", "cd src", "git status", "caf\u00e9 \\\"quoted\\\"", ""};
    String[] odd = {"rm -rf /", "\u05e9\u05dc\u05d5\u05dd \ud83d\ude00", "ls ls ls ls ls"};
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      String[] of = random.nextInt(50) == 0 ? odd : commands;
      String text = of[random.nextInt(of.length)];
      messages.add(message("user-" + random.nextInt(KEYS), text));
    }
    return messages;
  }
}
