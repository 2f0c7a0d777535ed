package dev.sluice.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the broker that actually runs: what goes in comes out, and nothing stays behind. */
final class SandboxBrokerIT {

  @Test
  void whatIsProducedIsConsumedAndTheFolderIsGoneAfterwards() throws Exception {
    Path folder;
    try (var sandbox = SandboxBroker.start()) {
      folder = sandbox.folder();
      assertThat(folder).isNotEmptyDirectory();
      createTopic(sandbox);
      produce(sandbox, "first");
      assertThat(consume(sandbox)).containsExactly("first");
    }
    assertThat(folder).doesNotExist();
  }

  @Test
  void aNamedFolderOutlivesTheBrokerAndIsServedAgainOnTheSamePort(@TempDir Path folder)
      throws Exception {
    int port;
    try (var sandbox = SandboxBroker.start(SandboxSettings.alone().withFolder(folder))) {
      port = Integer.parseInt(sandbox.bootstrap().substring("127.0.0.1:".length()));
      createTopic(sandbox);
      produce(sandbox, "kept");
    }
    assertThat(folder).isNotEmptyDirectory();
    var again = SandboxSettings.alone().withFolder(folder).withPort(port);
    try (var sandbox = SandboxBroker.start(again)) {
      assertThat(sandbox.bootstrap()).isEqualTo("127.0.0.1:" + port);
      produce(sandbox, "added");
      assertThat(consume(sandbox)).containsExactly("kept", "added");
    }
  }

  @Test
  void aTakenPortIsRefusedWithItsNumberAndLeavesNothingBehind() throws Exception {
    long before = temporaryFolders();
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      var settings = SandboxSettings.alone().withPort(taken.getLocalPort());
      assertThatThrownBy(() -> SandboxBroker.start(settings))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageStartingWith(
              "The sandbox broker cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ");
    }
    assertThat(temporaryFolders()).isEqualTo(before);
  }

  @Test
  void aPortOutOfRangeIsRefusedWithTheRange() {
    assertThatThrownBy(() -> SandboxSettings.alone().withPort(65_536))
        .hasMessage("port: 65536 is no port. Give 0 for a free one, or 1 to 65535");
  }

  private static void createTopic(SandboxBroker sandbox) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrap()))) {
      admin.createTopics(List.of(new NewTopic("readings", 1, (short) 1))).all().get();
    }
  }

  private static void produce(SandboxBroker sandbox, String value) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", sandbox.bootstrap());
    var serializer = new StringSerializer();
    try (var producer = new KafkaProducer<>(config, serializer, serializer)) {
      producer.send(new ProducerRecord<>("readings", "key", value)).get();
    }
  }

  private static List<String> consume(SandboxBroker sandbox) {
    Map<String, Object> config = Map.of("bootstrap.servers", sandbox.bootstrap());
    var deserializer = new StringDeserializer();
    var partition = new TopicPartition("readings", 0);
    try (var consumer = new KafkaConsumer<>(config, deserializer, deserializer)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      return consumer.poll(Duration.ofSeconds(20)).records(partition).stream()
          .map(record -> record.value())
          .toList();
    }
  }

  private static long temporaryFolders() throws Exception {
    try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(f -> f.getFileName().toString().startsWith("sluice-sandbox-")).count();
    }
  }
}
