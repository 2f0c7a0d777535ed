package dev.sluice.proof;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.model.Model;
import dev.sluice.registry.PublisherSettings;
import dev.sluice.registry.WeightsPublisher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Everything around the processes that score: a topology, its topics, its models. */
final class Stage {

  private static final String MODEL = "readings";

  private final String bootstrap;
  private final Path folder;
  private final String name;
  private final boolean keyIsField;
  private final Topology topology;

  private Stage(String bootstrap, Path folder, String name, boolean keyIsField) throws IOException {
    this.bootstrap = bootstrap;
    this.folder = folder;
    this.name = name;
    this.keyIsField = keyIsField;
    this.topology = TopologyFile.read(topologyPath());
  }

  /**
   * Sets a stage.
   *
   * @param name of the topology, its input topic, and the beginning of every other topic
   * @param input more of the {@code input} section; {@code key: key} has the events re-keyed
   * @param delivery the {@code delivery} section of the topology
   */
  static Stage set(String bootstrap, Path folder, String name, String input, String delivery)
      throws IOException {
    return set(bootstrap, folder, name, input, delivery, "onSwap: keep");
  }

  /**
   * Sets a stage.
   *
   * @param state the {@code state} section of the topology, without its brackets
   */
  static Stage set(
      String bootstrap, Path folder, String name, String input, String delivery, String state)
      throws IOException {
    String text =
        """
        name: NAME
        input: {topic: NAME, time: at, INPUT}
        features:
          - {number: value, scale: key}
          - time: of-day
        model: {id: MODEL, hidden: 24, predict: {value: value, bins: 40}}
        score: {threshold: 0.55, warmUp: 50, quiet: 10}
        weights: {topic: NAME-weights}
        delivery: DELIVERY
        state: {STATE}
        """
            .replace("NAME", name)
            .replace("MODEL", MODEL)
            .replace("DELIVERY", delivery)
            .replace("STATE", state)
            .replace("INPUT", input);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".yaml"), text);
    return new Stage(bootstrap, folder, name, input.contains("key: key"));
  }

  boolean keyIsField() {
    return keyIsField;
  }

  Path topologyPath() {
    return folder.resolve(name + ".yaml");
  }

  Topology topology() {
    return topology;
  }

  String bootstrap() {
    return bootstrap;
  }

  Path path(String file) {
    return folder.resolve(name + "-" + file);
  }

  /** Creates the input topic, on as many brokers as these would put it. */
  void createInput(int partitions) throws InterruptedException, ExecutionException {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      NewTopic input = new NewTopic(name, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(input)).all().get();
    }
  }

  /** Publishes a model, in force for events from {@code validFromMillis} on. */
  void publish(Model model, long validFromMillis) {
    publish(ArtifactWriter.write(model), model.version(), validFromMillis);
  }

  /** Publishes bytes, whatever they are. */
  void publish(byte[] artifact, int version, long validFromMillis) {
    var settings =
        PublisherSettings.of(
            Map.of("bootstrap.servers", bootstrap), topology.weights().topic(), MODEL);
    try (var publisher = WeightsPublisher.open(settings, Clock.systemUTC())) {
      publisher.publish(artifact, version, validFromMillis);
    }
  }

  /**
   * Starts {@code sluice run}.
   *
   * @param instance names the process and its state folder, which outlives it
   * @param kafka more client properties
   */
  Child run(String instance, Map<String, String> kafka) throws IOException {
    return run(instance, kafka, Map.of());
  }

  /** Starts {@code sluice run} with more environment. */
  Child run(String instance, Map<String, String> kafka, Map<String, String> environment)
      throws IOException {
    Path config = path(instance + ".properties");
    var properties = new Properties();
    properties.putAll(kafka);
    try (OutputStream out = Files.newOutputStream(config)) {
      properties.store(out, null);
    }
    return Child.sluice(
        name + "/" + instance,
        List.of(
            "run",
            topologyPath().toString(),
            "--bootstrap",
            bootstrap,
            "--kafka-config",
            config.toString(),
            "--state-dir",
            state(instance).toString()),
        environment);
  }

  /** Returns the state folder of an instance. */
  Path state(String instance) {
    return path("state-" + instance);
  }

  /** Runs a command of {@code sluice} to its end. */
  Child command(String... arguments) {
    return Child.sluice(arguments[0], List.of(arguments));
  }

  /** Returns a producer that keeps the order of a partition whatever happens. */
  KafkaProducer<byte[], byte[]> producer() {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", bootstrap, "linger.ms", "5", "delivery.timeout.ms", "300000");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Sends an event to its partition. */
  void send(KafkaProducer<byte[], byte[]> producer, Events.Sent event) {
    byte[] key = keyIsField ? null : event.key();
    producer.send(new ProducerRecord<>(name, event.partition(), key, event.value()));
  }

  /** Sends an event, and counts it if it arrives at another offset than it should. */
  void send(KafkaProducer<byte[], byte[]> producer, Events.Sent event, AtomicLong misplaced) {
    byte[] key = keyIsField ? null : event.key();
    producer.send(
        new ProducerRecord<>(name, event.partition(), key, event.value()),
        (at, failure) -> {
          if (failure != null || at.offset() != event.offset()) {
            misplaced.incrementAndGet();
          }
        });
  }

  /** Reads the outputs, which must be there. */
  Outputs outputs() {
    return Outputs.of(bootstrap, outputTopics());
  }

  List<String> outputTopics() {
    return List.of(
        topology.output().scores(), topology.output().alerts(), topology.output().deadLetters());
  }

  /** Compares what came out with what must. */
  List<Verdict> verdicts(Events events, Oracle oracle, Outputs outputs) {
    String scores = topology.output().scores();
    String alerts = topology.output().alerts();
    String dead = topology.output().deadLetters();
    List<Verdict> verdicts = new ArrayList<>();
    for (String topic : List.of(scores, alerts)) {
      int[] wanted = topic.equals(scores) ? oracle.scored() : oracle.alerted();
      verdicts.add(
          Verdict.of(
              topic,
              events,
              wanted,
              i -> events.list().get(i).key(),
              i -> Objects.requireNonNull(oracle.results()[i]),
              outputs.of(topic)));
    }
    verdicts.add(
        Verdict.of(
            dead,
            events,
            oracle.rejected(),
            i -> keyIsField ? null : events.list().get(i).key(),
            i -> events.list().get(i).value(),
            outputs.of(dead)));
    return verdicts;
  }
}
