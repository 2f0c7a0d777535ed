package dev.sluice.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.sandbox.SandboxBroker;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A topic as a history, on a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TopicHistoryIT {

  private SandboxBroker broker;

  @BeforeAll
  void start() {
    broker = SandboxBroker.start();
  }

  @AfterAll
  void stop() {
    broker.close();
  }

  private static Topology topology(String topic, String input) {
    String yaml =
        "name: lab\ninput: {topic: "
            + topic
            + input
            + "}\nfeatures: [{number: x}]\nmodel: {predict: {value: x}}\n";
    return TopologyFile.parse(yaml, "lab.yaml", Map.of());
  }

  private Map<String, String> kafka() {
    return Map.of("bootstrap.servers", broker.bootstrap());
  }

  private Recorded read(Topology topology, TimeRange range) {
    return TopicHistory.read(topology, kafka(), range, _ -> {});
  }

  private static ProducerRecord<String, String> record(
      String topic, int partition, long time, String key, String value) {
    return new ProducerRecord<>(topic, partition, time, key, value);
  }

  private void create(String topic, int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty())))
          .all()
          .get();
    }
  }

  private KafkaProducer<String, String> producer(String transactionalId) {
    Map<String, Object> properties =
        Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", transactionalId);
    var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    producer.initTransactions();
    return producer;
  }

  /** The ends of transactions arrive after the call that commits them has returned. */
  private void awaitEnds(String topic, long... ends) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      for (int p = 0; p < ends.length; p++) {
        var partition = new TopicPartition(topic, p);
        var latest = Map.of(partition, OffsetSpec.latest());
        var committed = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        while (admin.listOffsets(latest, committed).all().get().get(partition).offset() < ends[p]) {
          Thread.sleep(Duration.ofMillis(10));
        }
      }
    }
  }

  @Test
  void onlyCommittedEventsUpToTheEndsAreReadAndOffsetsAreKept() throws Exception {
    create("readings", 2);
    try (var producer = producer("test")) {
      producer.beginTransaction();
      producer.send(record("readings", 1, 10, "b", "{\"x\":1}"));
      producer.send(record("readings", 0, 20, "a", "{\"x\":2}"));
      producer.send(record("readings", 0, 21, "a", "not json"));
      producer.send(record("readings", 0, 5, "a", "{\"x\":3}"));
      producer.commitTransaction();
      producer.beginTransaction();
      producer.send(record("readings", 0, 30, "a", "{\"x\":4}"));
      producer.flush();
      producer.abortTransaction();
    }

    awaitEnds("readings", 6, 2);
    List<Long> told = new ArrayList<>();
    Recorded recorded =
        TopicHistory.read(topology("readings", ""), kafka(), TimeRange.ALL, told::add);

    History history = recorded.history();
    assertThat(history.events()).isEqualTo(3);
    assertThat(history.key(0)).isEqualTo("a".getBytes(UTF_8));
    assertThat(List.of(history.number(0, 0), history.number(0, 1), history.number(0, 2)))
        .containsExactly(2.0, 3.0, 1.0); // The late one where it arrived.
    assertThat(history.timeMillis(1)).isEqualTo(5);
    assertThat(recorded.rejected()).isEqualTo(1);
    assertThat(recorded.complaints().getFirst()).startsWith("readings-0@1: MALFORMED: not JSON");
    // Three events, a marker, an aborted event and its marker; one event and a marker.
    assertThat(recorded.source()).isEqualTo("topic readings, offsets 0:0-6 1:0-2");
    assertThat(told.getLast()).isEqualTo(3);
  }

  @Test
  void aKeyFromAFieldHasItsEventsOfAllPartitionsInOrderOfTime() throws Exception {
    create("fields", 3);
    try (var producer = producer("fields")) {
      producer.beginTransaction();
      for (int i = 0; i < 30; i++) {
        String value = "{\"id\":\"k" + i % 2 + "\",\"at\":" + 1000 * i + ",\"x\":" + i + "}";
        producer.send(record("fields", i % 3, 1, "ignored", value));
      }
      producer.commitTransaction();
    }

    awaitEnds("fields", 11, 11, 11);
    Recorded recorded =
        read(topology("fields", ", key: id, time: at"), new TimeRange(2000, 20_000));

    History history = recorded.history();
    assertThat(history.keys()).isEqualTo(2);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < history.events(); i++) {
      values.add(history.number(0, i));
    }
    assertThat(values)
        .containsExactly(
            2., 4., 6., 8., 10., 12., 14., 16., 18., 3., 5., 7., 9., 11., 13., 15., 17., 19.);
  }

  @Test
  void byRecordTimeWhatCameBeforeTheRangeIsNotEvenRead() throws Exception {
    create("ranged", 1);
    try (var producer = producer("ranged")) {
      producer.beginTransaction();
      for (int i = 0; i < 10; i++) {
        producer.send(record("ranged", 0, 1000 + i, "a", "{\"x\":" + i + "}"));
      }
      producer.commitTransaction();
    }

    awaitEnds("ranged", 11);
    Recorded recorded = read(topology("ranged", ""), new TimeRange(1004, 1008));

    assertThat(recorded.history().events()).isEqualTo(4);
    assertThat(recorded.history().number(0, 0)).isEqualTo(4);
    assertThat(recorded.source()).isEqualTo("topic ranged, offsets 0:4-11");
  }

  @Test
  void aTopicThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> read(topology("nowhere", ""), TimeRange.ALL))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "topic nowhere does not exist on "
                + broker.bootstrap()
                + ". Check input.topic, or learn from a file with --input");
  }

  @Test
  void aBrokerThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort(); // Free as soon as the socket is closed.
    }
    String servers = "localhost:" + port;
    var source =
        new TopicHistory.Source(
            topology("readings", ""),
            Map.of("bootstrap.servers", servers),
            TimeRange.ALL,
            Long.MIN_VALUE,
            _ -> {},
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> TopicHistory.read(source))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "No Kafka broker answers at "
                + servers
                + " within 1 s. Is it running? Name another one with --bootstrap, or learn from a"
                + " file with --input");
  }
}
