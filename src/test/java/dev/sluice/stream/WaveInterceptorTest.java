package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** What was polled is in the waves, once and in order, and the offsets are those of the records. */
final class WaveInterceptorTest {

  private static final TopicPartition EVENTS = new TopicPartition("events", 3);
  private static final TopicPartition OTHER = new TopicPartition("other", 0);

  @Test
  void aRunIsCutIntoWavesThatBeginAtTheOffsetOfTheirFirstRecord() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      records.add(record(EVENTS, 100 + 2 * i, 1000 - i)); // Offsets with gaps: a compacted topic.
    }
    var polled = polled(Map.of(EVENTS, records));

    ConsumerRecords<byte[], byte[]> waves = interceptor(4).onConsume(polled);

    assertThat(waves.records(EVENTS))
        .extracting(ConsumerRecord::offset)
        .containsExactly(100L, 108L, 116L);
    assertThat(waves.records(EVENTS))
        .extracting(ConsumerRecord::timestamp)
        .containsExactly(1000L, 996L, 992L);
    assertThat(waves.records(EVENTS))
        .allMatch(wave -> wave.leaderEpoch().equals(Optional.of(5)))
        .allMatch(wave -> wave.partition() == 3);
    assertThat(waves.records(EVENTS).stream().flatMap(WaveInterceptorTest::unpacked))
        .isEqualTo(records);
    assertThat(waves.nextOffsets()).isEqualTo(polled.nextOffsets());
  }

  private static Stream<ConsumerRecord<byte[], byte[]>> unpacked(
      ConsumerRecord<byte[], byte[]> wave) {
    Wave value = new WaveDeserializer().deserialize("events", wave.headers(), wave.value());
    return ((Wave.Run) value).records().stream();
  }

  @Test
  void recordsOfOtherTopicsAndEmptyPollsPassAsTheyAre() {
    List<ConsumerRecord<byte[], byte[]>> records =
        List.of(record(OTHER, 1, 1), record(OTHER, 2, 2));

    assertThat(interceptor(4).onConsume(polled(Map.of(OTHER, records))).records(OTHER))
        .isEqualTo(records);
    assertThat(interceptor(4).onConsume(ConsumerRecords.empty())).isEmpty();
  }

  @Test
  void aWaveLooksLikeARecordWithoutHeaders() {
    var polled = polled(Map.of(EVENTS, List.of(record(EVENTS, 1, 1))));
    ConsumerRecord<byte[], byte[]> wave =
        interceptor(4).onConsume(polled).records(EVENTS).getFirst();

    assertThat(wave.headers()).isEmpty();
    assertThat(wave.headers().toArray()).isEmpty();
    assertThat(wave.headers().lastHeader("h")).isNull();
    assertThat(new RecordHeaders(wave.headers())).isEmpty();
  }

  @Test
  void aRecordThatNobodyInterceptedIsAWaveOfItsOwn() {
    byte[] value = {1};
    var deserializer = new WaveDeserializer();
    assertThat(deserializer.deserialize("events", new RecordHeaders(), value))
        .isEqualTo(new Wave.Single(value));
    assertThat(deserializer.deserialize("events", new RecordHeaders(), (byte[]) null))
        .isEqualTo(new Wave.Single(null));
  }

  private static WaveInterceptor interceptor(int size) {
    var interceptor = new WaveInterceptor();
    interceptor.configure(
        Map.of(WaveInterceptor.TOPICS, "events", WaveInterceptor.SIZE, Integer.toString(size)));
    return interceptor;
  }

  private static ConsumerRecords<byte[], byte[]> polled(
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> records) {
    return new ConsumerRecords<>(
        records, Map.of(EVENTS, new OffsetAndMetadata(777, Optional.of(5), "")));
  }

  private static ConsumerRecord<byte[], byte[]> record(
      TopicPartition partition, long offset, long timestamp) {
    var headers = new RecordHeaders();
    headers.add("h", new byte[] {1});
    return new ConsumerRecord<>(
        partition.topic(),
        partition.partition(),
        offset,
        timestamp,
        TimestampType.CREATE_TIME,
        1,
        1,
        new byte[] {1},
        new byte[] {2},
        headers,
        Optional.of(5));
  }
}
