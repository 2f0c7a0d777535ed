package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.config.TopologyFile;
import dev.sluice.proof.ProofModels;
import dev.sluice.river.Declared;
import dev.sluice.state.Memories;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

/** A processor through the life of its task: waves, failures, the end and another beginning. */
final class ScoringProcessorTest {

  private static final int WAVE = 4;

  private final TaskMemory.Registry tasks = new TaskMemory.Registry(Memories::new);
  private final List<String> forwarded = new ArrayList<>();
  private final Bench<byte[], byte[]> bench = new Bench<>();
  private final KeyValueStore<Bytes, byte[]> memory =
      MemoryStore.supplier(ScoringTopology.MEMORY, tasks, java.time.Duration.ZERO).get();
  private final Tick tick = new Tick();
  private final ScoringProcessor processor = processor();
  private int failAfter = Integer.MAX_VALUE;

  /** A context that may fail while it forwards, as a producer does whose broker is away. */
  private final class Bench<K, V> extends MockProcessorContext<K, V> {
    @Override
    public <A extends K, B extends V> void forward(Record<A, B> record, String childName) {
      if (forwarded.size() >= failAfter) {
        throw new TimeoutException("no broker");
      }
      forwarded.add(childName + " " + new String((byte[]) record.key(), UTF_8));
    }
  }

  /** The store below the cache, with a cache that is flushed when the test says so. */
  private final class Tick {

    private final KeyValueStore<Bytes, byte[]> below =
        TickStore.supplier(ScoringTopology.TICK, tasks).get();

    void flush() {
      below.put(Bytes.wrap(new byte[] {0}), new byte[] {1});
    }
  }

  private ScoringProcessor processor() {
    var file =
        TopologyFile.parse(
            """
            name: readings
            input: {topic: readings, time: at}
            features: [{number: value, scale: key}, {time: of-day}]
            model: {hidden: 24, predict: {value: value, bins: 40}}
            delivery: {wave: 4}
            """,
            "test",
            Map.of());
    return new ScoringProcessor(
        new ScoringProcessor.Plan(
            Declared.schema(file),
            Declared.settings(file),
            ProofModels.swappedAt(Long.MAX_VALUE),
            tasks,
            new Provenance(false),
            new StreamMeters(new SimpleMeterRegistry(), tasks),
            Upkeep.Limits.of(Long.MAX_VALUE, 1 << 20),
            new Saving.Rule(java.time.Duration.ZERO, "readings", () -> 0, InputConsumer::open)));
  }

  private void begin() {
    memory.init(bench.getStateStoreContext(), memory);
    tick.below.init(bench.getStateStoreContext(), tick.below);
    bench.addStateStore(memory);
    bench.addStateStore(tick.below);
    processor.init(bench);
  }

  private static Record<byte[], Wave> wave(int from, int to) {
    List<ConsumerRecord<byte[], byte[]>> run =
        IntStream.range(from, to)
            .mapToObj(
                i ->
                    new ConsumerRecord<>(
                        "readings",
                        0,
                        i,
                        ("k" + i).getBytes(UTF_8),
                        ("{\"at\":1,\"value\":" + i + "}").getBytes(UTF_8)))
            .toList();
    return new Record<>(null, new Wave.Run(run), 0);
  }

  private static List<String> scores(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> ScoringTopology.SCORES + " k" + i).toList();
  }

  @Test
  void aRunLongerThanAWaveIsScoredWholeAndInOrder() {
    begin();
    processor.process(wave(0, 3 * WAVE - 1));
    assertThat(forwarded).isEqualTo(scores(0, 3 * WAVE - 1));
  }

  @Test
  void aWaveThatFailedLeavesNothingBehindForTheNextOne() {
    begin();
    failAfter = 2;
    assertThatThrownBy(() -> processor.process(wave(0, WAVE - 1)))
        .isInstanceOf(TimeoutException.class);
    forwarded.clear();
    failAfter = Integer.MAX_VALUE;

    processor.process(wave(10, 10 + WAVE));

    assertThat(forwarded).isEqualTo(scores(10, 10 + WAVE));
  }

  @Test
  void aCacheThatIsFlushedAfterTheEndWritesNothing() {
    begin();
    processor.process(wave(0, 3));
    processor.close();
    tick.flush();
    memory.close();
    tick.flush();
    assertThat(tasks.keys()).isZero();
  }

  @Test
  void theSameProcessorBeginsAnewWithTheMemoryOfTheTask() {
    begin();
    processor.process(wave(0, 3));
    assertThat(tasks.keys()).isEqualTo(3);
    processor.close();
    memory.close();
    begin();
    assertThat(tasks.keys()).isZero();
    processor.process(wave(5, 7));
    tick.flush();
    assertThat(forwarded).hasSize(5);
    assertThat(memory.get(Bytes.wrap("k0".getBytes(UTF_8)))).isNull();
    assertThat(memory.get(Bytes.wrap("k5".getBytes(UTF_8)))).isNotNull();
  }

  @Test
  void aStoreOfAnEarlierIncarnationThatClosesLateLeavesTheLaterOneAlone() {
    begin();
    var later = MemoryStore.supplier(ScoringTopology.MEMORY, tasks, java.time.Duration.ZERO).get();
    later.init(bench.getStateStoreContext(), later);
    memory.close();
    assertThat(tasks.of(bench.taskId())).isNotNull();
    later.close();
    assertThatThrownBy(() -> tasks.of(bench.taskId())).hasMessage("task 0_0 has no memory store");
  }
}
