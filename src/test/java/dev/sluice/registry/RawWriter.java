package dev.sluice.registry;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes to the weights topic what no publisher would. */
final class RawWriter implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;
  private final String topic;

  RawWriter(String bootstrap, String topic) {
    this(Map.of("bootstrap.servers", bootstrap), topic);
  }

  private RawWriter(Map<String, Object> config, String topic) {
    this.producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    this.topic = topic;
  }

  /** Returns a writer whose records are part of transactions. */
  static RawWriter transactional(String bootstrap, String topic, String transactionalId) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrap);
    config.put("transactional.id", transactionalId);
    var writer = new RawWriter(config, topic);
    writer.producer.initTransactions();
    return writer;
  }

  void put(WeightsKey key, byte @Nullable [] value) {
    put(key.text(), value);
  }

  void put(String key, byte @Nullable [] value) {
    producer.send(new ProducerRecord<>(topic, 0, key, value));
  }

  /** Writes a whole publication except the timeline. */
  void putWeights(Manifest manifest, byte[] artifact) {
    for (int i = 0; i < manifest.chunks(); i++) {
      int from = i * manifest.chunkSize();
      byte[] chunk = java.util.Arrays.copyOfRange(artifact, from, from + manifest.chunkLength(i));
      put(new WeightsKey.Chunk(manifest.id(), manifest.version(), i), chunk);
    }
    put(new WeightsKey.Label(manifest.id(), manifest.version()), manifest.toBytes());
  }

  /** Makes sure that all that was put is on the topic. */
  void flush() {
    producer.flush();
  }

  void begin() {
    producer.beginTransaction();
  }

  void commit() {
    producer.commitTransaction();
  }

  void abort() {
    producer.abortTransaction();
  }

  @Override
  public void close() {
    producer.close();
  }
}
