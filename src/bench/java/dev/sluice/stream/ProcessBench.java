package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.bench.event.Readings;
import dev.sluice.state.Memories;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * All that the processor does with one event of a wave of 256, from the raw record to the record
 * that is forwarded; without Kafka Streams around it, and without commits.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx3g"
    })
public class ProcessBench {

  private static final int WAVES = 400;

  /** Keys with a memory. */
  @Param({"10000"})
  public int keys;

  private final List<Record<byte[], Wave>> waves = new ArrayList<>();
  private ScoringProcessor processor;
  private Blackhole hole;
  private int next;

  /** Swallows what is forwarded. */
  private final class Context<K, V> extends MockProcessorContext<K, V> {
    @Override
    public <A extends K, B extends V> void forward(Record<A, B> record, String child) {
      hole.consume(record);
    }
  }

  /** Gives every key a history. */
  @Setup(Level.Trial)
  public void begin(Blackhole blackhole) {
    hole = blackhole;
    var tasks = new TaskMemory.Registry(Memories::new);
    var context = new Context<byte[], byte[]>();
    KeyValueStore<Bytes, byte[]> memory =
        MemoryStore.supplier(ScoringTopology.MEMORY, tasks, Duration.ZERO).get();
    memory.init(context.getStateStoreContext(), memory);
    context.addStateStore(memory);
    context.addStateStore(new Cached(tasks));
    processor =
        new ScoringProcessor(
            new ScoringProcessor.Plan(
                Readings.SCHEMA,
                Readings.settings(),
                Readings.models(),
                tasks,
                new Provenance(false),
                new StreamMeters(new SimpleMeterRegistry(), tasks),
                Upkeep.Limits.of(Long.MAX_VALUE, 1 << 20),
                new Saving.Rule(
                    java.time.Duration.ZERO, "readings", System::nanoTime, InputConsumer::open)));
    processor.init(context);
    int count = WAVES * Readings.WAVE;
    byte[][] names = Readings.keys(keys);
    byte[][] values = Readings.values(count);
    int[] order = Readings.order(count, keys);
    for (int w = 0; w < WAVES; w++) {
      List<ConsumerRecord<byte[], byte[]>> run = new ArrayList<>();
      for (int i = w * Readings.WAVE; i < (w + 1) * Readings.WAVE; i++) {
        byte[] key = new String(names[order[i]], UTF_8).getBytes(UTF_8);
        run.add(new ConsumerRecord<>("readings", 3, 1_000_000 + i, key, values[i]));
      }
      waves.add(new Record<>(null, new Wave.Run(run), 0));
      process();
    }
  }

  /** A tick store whose cache is never flushed. */
  private static final class Cached extends BareStore {

    Cached(TaskMemory.Registry tasks) {
      super(ScoringTopology.TICK);
      opened();
    }

    @Override
    public void init(
        org.apache.kafka.streams.processor.StateStoreContext context,
        org.apache.kafka.streams.processor.StateStore root) {}

    @Override
    public void put(Bytes key, byte[] value) {}

    @Override
    public byte[] get(Bytes key) {
      return null;
    }

    @Override
    public byte[] delete(Bytes key) {
      return null;
    }

    @Override
    public org.apache.kafka.streams.state.KeyValueIterator<Bytes, byte[]> all() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long approximateNumEntries() {
      return 0;
    }

    @Override
    public boolean persistent() {
      return false;
    }
  }

  /** Decode, flow, encode, forward. */
  @Benchmark
  @OperationsPerInvocation(Readings.WAVE)
  public void process() {
    processor.process(waves.get(next));
    next = next + 1 == waves.size() ? 0 : next + 1;
  }
}
