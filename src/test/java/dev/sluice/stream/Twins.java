package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.TopologyFile;
import dev.sluice.event.Event;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.proof.Events;
import dev.sluice.proof.ProofModels;
import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.river.Declared;
import dev.sluice.river.Result;
import dev.sluice.river.River;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudget;
import dev.sluice.state.RowCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.AbstractMap.SimpleEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * A task that two processes take from each other, with an input, a changelog and transactions, but
 * no broker; and beside it a river that nothing ever happens to, which is the oracle: it takes each
 * event once, when it is committed.
 */
final class Twins {

  static final TopicPartition INPUT = new TopicPartition("readings", 0);

  private final dev.sluice.config.Topology file;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<ConsumerRecord<byte[], byte[]>> input = new ArrayList<>();
  private final List<Map.Entry<byte[], byte[]>> changelog = new ArrayList<>();
  private final List<Map.Entry<byte[], byte[]>> transaction = new ArrayList<>();
  private final Map<Integer, Model> loaded = new HashMap<>();
  private final Oracle oracle;

  private Timeline timeline = Timeline.empty("readings");
  private Models<Model> models = Models.none();
  private int committed; // Events of the list, not their offsets.
  private int processed;
  private long begins; // The first offset that retention has left.
  private Duration every = Duration.ZERO;
  private long nanos;
  private int rowsWritten;
  private int recomputations;

  Twins(String state) {
    file =
        TopologyFile.parse(
            """
            name: readings
            input: {topic: readings, time: at}
            features: [{number: value, scale: key}, {time: of-day}]
            model: {hidden: 24, predict: {value: value, bins: 40}}
            score: {threshold: 0.55, warmUp: 5, quiet: 3}
            delivery: {wave: 7}
            state:\
            """
                + " "
                + state,
            "test",
            Map.of());
    oracle = new Oracle();
    publish(Timeline.IMMEDIATE);
  }

  private Memories memories() {
    return new Memories(Declared.encoding(file.state()), MemoryBudget.unlimited());
  }

  /** Puts a new version in force. */
  void publish(long validFromMillis) {
    int version = loaded.size() + 1;
    loaded.put(version, ProofModels.version(version));
    timeline = timeline.plus(version, validFromMillis, 0, Timeline.What.PUBLISH);
    models = Models.of(timeline, loaded);
  }

  /** Forgets how it came to the newest version. */
  void forgetHistory() {
    int last = timeline.entries().size();
    timeline = new Timeline("readings", timeline.entries().subList(last - 1, last));
    models = Models.of(timeline, loaded);
  }

  /** Appends an event, with a gap before it as transactions leave them. */
  void append(Events.Sent event, int gap) {
    long offset = input.isEmpty() ? 3 : input.getLast().offset() + 1 + gap;
    input.add(
        new ConsumerRecord<>(INPUT.topic(), INPUT.partition(), offset, event.key(), event.value()));
  }

  /** Has the processes that begin from now on write rows so often. */
  void rowsEvery(Duration duration) {
    every = duration;
  }

  void later(Duration duration) {
    nanos += duration.toNanos();
  }

  /** Deletes the first events of the input, those of the last commits among them. */
  void loseInputUpTo(long offset) {
    begins = offset;
  }

  long nextOffset() {
    return committed == 0 ? 0 : input.get(committed - 1).offset() + 1;
  }

  int left() {
    return input.size() - processed;
  }

  int rowsWritten() {
    return rowsWritten;
  }

  int recomputations() {
    return recomputations;
  }

  double count(String meter) {
    return registry.counter(meter).count();
  }

  /** Returns the latest value of each key of the changelog. */
  Map<String, byte[]> changelog() {
    Map<String, byte[]> latest = new TreeMap<>();
    for (Map.Entry<byte[], byte[]> entry : changelog) {
      latest.remove(text(entry.getKey()));
      if (entry.getValue() != null) {
        latest.put(text(entry.getKey()), entry.getValue());
      }
    }
    return latest;
  }

  private static String text(byte[] key) {
    return new String(key, UTF_8);
  }

  /** Returns the rows as they must be after what is committed. */
  Map<String, String> wanted() {
    return rows(oracle.memories);
  }

  static Map<String, String> rows(Memories memories) {
    Map<String, String> rows = new TreeMap<>();
    for (int slot = 0; slot < memories.slotLimit(); slot++) {
      if (memories.isUsed(slot)) {
        rows.put(text(memories.key(slot)), shown(RowCodec.write(memories, slot)));
      }
    }
    return rows;
  }

  /** Returns a row so that a difference can be read: its events, and what stands for its bytes. */
  static String shown(byte[] row) {
    int events = java.nio.ByteBuffer.wrap(row).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(40);
    return events + " events " + java.util.UUID.nameUUIDFromBytes(row);
  }

  /** What is committed, once. */
  private final class Oracle {

    private final Memories memories = memories();
    private final River river = new River(Declared.schema(file), Declared.settings(file), memories);
    private final JsonDecoder decoder = new JsonDecoder(Declared.schema(file));
    private final Event[] event = {Declared.schema(file).newEvent()};
    private final Result[] result = {new Result()};
    private final List<Models<Model>> found = new ArrayList<>();

    /** An event was processed, with these models. */
    void processed(int index) {
      while (found.size() <= index) {
        found.add(models);
      }
      found.set(index, models);
    }

    void commit(int from, int to) {
      for (int i = from; i < to; i++) {
        ConsumerRecord<byte[], byte[]> raw = input.get(i);
        try {
          decoder.decode(raw.key(), raw.value(), raw.timestamp(), event[0]);
        } catch (Rejection _) {
          continue;
        }
        river.flow(event, 1, found.get(i), result);
      }
    }
  }

  /** One of the processes. */
  final class Process {

    private TaskMemory.Registry tasks = registryOfTasks();
    private KeyValueStore<Bytes, byte[]> memory = store();
    private final MockProcessorContext<byte[], byte[]> context = new MockProcessorContext<>();
    private KeyValueStore<Bytes, byte[]> tick = tick();
    private @Nullable ScoringProcessor processor;
    private int read; // So much of the changelog.
    private boolean open;

    private TaskMemory.Registry registryOfTasks() {
      return new TaskMemory.Registry(Twins.this::memories);
    }

    private KeyValueStore<Bytes, byte[]> store() {
      return MemoryStore.supplier(ScoringTopology.MEMORY, tasks, Duration.ZERO).get();
    }

    private KeyValueStore<Bytes, byte[]> tick() {
      return TickStore.supplier(ScoringTopology.TICK, tasks).get();
    }

    /** Reads what the changelog got, as a standby or to begin. */
    void follow() {
      if (!open) {
        open = true;
        memory.init(context.getStateStoreContext(), memory);
        tick.init(context.getStateStoreContext(), tick);
        read = 0;
      }
      TaskMemory task = tasks.of(context.taskId());
      for (; read < changelog.size(); read++) {
        Map.Entry<byte[], byte[]> entry = changelog.get(read);
        task.restore("test").row(entry.getKey(), entry.getValue());
      }
    }

    /** Begins to work where the last commit was. */
    void begin() {
      follow();
      transaction.clear();
      processed = committed;
      context.resetForwards();
      context.addStateStore(new Logged(memory));
      context.addStateStore(
          new Logged(tick) {
            @Override
            public void put(Bytes key, byte @Nullable [] value) {
              // Waits for the commit.
            }
          });
      processor = new ScoringProcessor(plan());
      processor.init(context);
    }

    private ScoringProcessor.Plan plan() {
      return new ScoringProcessor.Plan(
          Declared.schema(file),
          Declared.settings(file),
          () -> models,
          tasks,
          new Provenance(false),
          new StreamMeters(registry, tasks),
          Upkeep.Limits.of(Long.MAX_VALUE, 1 << 20),
          new Saving.Rule(every, INPUT.topic(), () -> nanos, (_, _) -> reader()));
    }

    private Consumer<byte @Nullable [], byte @Nullable []> reader() {
      recomputations++;
      var consumer = new Input();
      consumer.updateBeginningOffsets(Map.of(INPUT, begins));
      consumer.updateEndOffsets(Map.of(INPUT, input.getLast().offset() + 1));
      return consumer;
    }

    /** Takes up to {@code most} events as one record. */
    void wave(int most) {
      int to = Math.min(input.size(), processed + most);
      for (int i = processed; i < to; i++) {
        oracle.processed(i);
      }
      List<ConsumerRecord<byte[], byte[]>> run = List.copyOf(input.subList(processed, to));
      Objects.requireNonNull(processor).process(new Record<>(null, new Wave.Run(run), 0));
      processed = to;
    }

    /** Commits, as Kafka Streams does where there was an event or a punctuation. */
    void commit() {
      tick.put(Bytes.wrap(new byte[] {0}), new byte[] {1});
      changelog.addAll(transaction);
      transaction.clear();
      oracle.commit(committed, processed);
      committed = processed;
    }

    /** Stops working after a commit, and stays as a standby. */
    void recycle() {
      commit();
      Objects.requireNonNull(processor).close();
      processor = null;
      read = changelog.size();
    }

    /** Is gone, with whatever was not committed. */
    void crash() {
      transaction.clear();
      tasks = registryOfTasks();
      memory = store();
      tick = tick();
      processor = null;
      open = false;
    }

    Map<String, String> rows() {
      return Twins.rows(tasks.of(context.taskId()).memories());
    }
  }

  /** Gives the input to whoever is assigned it. */
  private final class Input extends MockConsumer<byte @Nullable [], byte @Nullable []> {

    Input() {
      super("none");
    }

    @Override
    public synchronized void assign(java.util.Collection<TopicPartition> partitions) {
      super.assign(partitions);
      input.stream().filter(record -> record.offset() >= begins).forEach(this::addRecord);
    }
  }

  /** The changelog's layer. */
  private class Logged extends BareStore {

    private final KeyValueStore<Bytes, byte[]> inner;

    Logged(KeyValueStore<Bytes, byte[]> inner) {
      super(inner.name());
      this.inner = inner;
    }

    @Override
    public void init(
        org.apache.kafka.streams.processor.StateStoreContext context,
        org.apache.kafka.streams.processor.StateStore root) {}

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
      inner.put(key, value);
      transaction.add(new SimpleEntry<>(key.get(), value));
      rowsWritten += key.get().length == 0 ? 0 : 1;
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      return inner.get(key);
    }

    @Override
    public byte @Nullable [] delete(Bytes key) {
      transaction.add(new SimpleEntry<>(key.get(), null));
      return inner.delete(key);
    }

    @Override
    public long approximateNumEntries() {
      return inner.approximateNumEntries();
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
      return inner.all();
    }

    @Override
    public boolean persistent() {
      return false;
    }
  }
}
