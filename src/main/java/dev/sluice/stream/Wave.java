package dev.sluice.stream;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** What one record of the topology carries: a run of raw records, or a single value. */
sealed interface Wave {

  /**
   * A run of records of one partition, as {@link WaveInterceptor} put them together.
   *
   * @param records in the order of their offsets, at least one
   */
  record Run(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) implements Wave {}

  /**
   * A single record that came without the interceptor: in a test driver, or in an application that
   * did not configure it. Key, headers and offset are those of the Streams record.
   *
   * @param value the record's value, or null
   */
  record Single(byte @Nullable [] value) implements Wave {}

  /**
   * Carries a run from the interceptor to the deserializer: Kafka Streams passes headers along by
   * reference. To everyone else it looks like empty headers.
   */
  final class Carrier implements Headers {

    private final List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records;
    private final Headers none = new RecordHeaders();

    Carrier(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
      this.records = records;
    }

    List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records() {
      return records;
    }

    @Override
    public Headers add(Header header) {
      return none.add(header);
    }

    @Override
    public Headers add(String key, byte[] value) {
      return none.add(key, value);
    }

    @Override
    public Headers remove(String key) {
      return none.remove(key);
    }

    @Override
    public @Nullable Header lastHeader(String key) {
      return none.lastHeader(key);
    }

    @Override
    public Iterable<Header> headers(String key) {
      return none.headers(key);
    }

    @Override
    public Header[] toArray() {
      return none.toArray();
    }

    @Override
    public java.util.Iterator<Header> iterator() {
      return none.iterator();
    }
  }
}
