package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proof.Events;
import dev.sluice.proof.Oracle;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** A topology of readings under a test driver. */
final class Driven {

  private Driven() {}

  /** Pipes events in, and asserts that the scores are the oracle's. */
  static void scores(TopologyTestDriver driver, Events events, Oracle oracle) {
    var input =
        driver.createInputTopic("readings", new ByteArraySerializer(), new ByteArraySerializer());
    events.list().forEach(event -> input.pipeInput(event.key(), event.value(), 1_000L));

    assertThat(read(driver, "readings-scores"))
        .extracting(record -> new String(record.value(), UTF_8))
        .isEqualTo(
            Arrays.stream(oracle.scored())
                .mapToObj(i -> new String(oracle.results()[i], UTF_8))
                .toList());
  }

  /** Returns what came out on a topic since it was last asked. */
  static List<TestRecord<byte[], byte[]>> read(TopologyTestDriver driver, String topic) {
    return driver
        .createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }
}
