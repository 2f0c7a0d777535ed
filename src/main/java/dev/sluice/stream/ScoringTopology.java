package dev.sluice.stream;

import dev.sluice.config.Topology;
import dev.sluice.event.EventSchema;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Declared;
import dev.sluice.river.Settings;
import dev.sluice.score.Verdicts;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudget;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * Adds the scoring of one topology file to a Kafka Streams topology. This is the door for
 * applications that embed Sluice:
 *
 * <pre>{@code
 * var topology = new org.apache.kafka.streams.Topology(); // or streamsBuilder.build()
 * var scoring = ScoringTopology.of(TopologyFile.read(path), models, meterRegistry);
 * scoring.addTo(topology);
 * new KafkaStreams(topology, StreamProperties.complete(file, properties));
 * }</pre>
 *
 * <p>All nodes and stores are named, so that upgrades find their topics again.
 */
public final class ScoringTopology {

  static final String EVENTS = "sluice-events";
  static final String SCORING = "sluice-scoring";
  static final String SCORES = "sluice-scores";
  static final String ALERTS = "sluice-alerts";
  static final String DEAD_LETTERS = "sluice-dead-letters";
  static final String MEMORY = "sluice-memory";
  static final String TICK = "sluice-tick";
  static final String REMINDER = "sluice-reminder";

  private static final String UNKEYED = "sluice-unkeyed";
  private static final String REKEY = "sluice-rekey";
  static final String REKEYED = "sluice-rekeyed";
  static final String REKEY_DEAD_LETTERS = "sluice-rekey-dead-letters";

  /** Compacted, with segments small enough that compaction follows a busy stream. */
  private static final Map<String, String> CHANGELOG =
      Map.of(
          "cleanup.policy", "compact",
          "segment.bytes", "67108864",
          "min.cleanable.dirty.ratio", "0.3");

  private final Topology file;
  private final ModelSource<Model> models;
  private final Verdicts.Source feedback;
  private final TaskMemory.Registry tasks;
  private final StreamMeters meters;

  private ScoringTopology(
      Topology file, ModelSource<Model> models, Verdicts.Source feedback, MeterRegistry registry) {
    this.file = file;
    this.feedback = feedback;
    this.models = models;
    MemoryBudget budget = MemoryLimits.budget(file.state());
    this.tasks =
        new TaskMemory.Registry(() -> new Memories(Declared.encoding(file.state()), budget));
    this.meters = new StreamMeters(registry, tasks);
  }

  /**
   * Prepares the scoring of one topology file.
   *
   * @param file what is scored, and how
   * @param models which model is in force; must know one before the first event comes
   * @param feedback what people said of alerts
   * @param registry where meters are registered
   */
  public static ScoringTopology of(
      Topology file, ModelSource<Model> models, Verdicts.Source feedback, MeterRegistry registry) {
    return new ScoringTopology(file, models, feedback, registry);
  }

  /** Prepares the scoring of one topology file, of whose alerts nobody says anything. */
  public static ScoringTopology of(
      Topology file, ModelSource<Model> models, MeterRegistry registry) {
    return of(file, models, Verdicts.Source.SILENT, registry);
  }

  /** Returns the topic whose records become waves. */
  static String waveTopic(Topology file) {
    return file.input().keyIsRecordKey() ? file.input().topic() : rekeyedTopic(file);
  }

  /** Returns the topic of events that were given the key of one of their fields. */
  static String rekeyedTopic(Topology file) {
    return file.name() + "-by-key";
  }

  /** Returns what is counted. */
  public StreamMeters meters() {
    return meters;
  }

  /** Adds sources, processors, stores and sinks to {@code to}. */
  public void addTo(org.apache.kafka.streams.Topology to) {
    EventSchema schema = Declared.schema(file);
    if (schema.keyField() != null) {
      addRekeying(to, schema);
    }
    Settings settings = Declared.settings(file).withFeedback(feedback);
    var plan =
        new ScoringProcessor.Plan(
            schema.keyedByRecord(),
            settings,
            models,
            tasks,
            new Provenance(schema.keyField() != null),
            meters,
            Upkeep.Limits.of(settings.expireAfterMillis(), file.state().cache()),
            new Saving.Rule(
                file.state().rowsEvery(), waveTopic(file), System::nanoTime, InputConsumer::open));
    to.addSource(
        AutoOffsetReset.earliest(),
        EVENTS,
        timestamps(),
        new ByteArrayDeserializer(),
        new WaveDeserializer(),
        waveTopic(file));
    to.addProcessor(SCORING, () -> new ScoringProcessor(plan), EVENTS);
    to.addProcessor(REMINDER, ReminderProcessor::new, SCORING);
    to.addStateStore(
        Stores.keyValueStoreBuilder(memorySupplier(), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingDisabled()
            .withLoggingEnabled(CHANGELOG),
        SCORING);
    to.addStateStore(
        Stores.keyValueStoreBuilder(
                TickStore.supplier(TICK, tasks), Serdes.Bytes(), Serdes.ByteArray())
            .withCachingEnabled()
            .withLoggingDisabled(),
        SCORING,
        REMINDER);
    addSink(to, SCORES, file.output().scores(), SCORING);
    addSink(to, ALERTS, file.output().alerts(), SCORING);
    addSink(to, DEAD_LETTERS, file.output().deadLetters(), SCORING);
  }

  private KeyValueBytesStoreSupplier memorySupplier() {
    return switch (file.state().store()) {
      case RESIDENT -> MemoryStore.supplier(MEMORY, tasks, snapshotEvery());
      case ROCKSDB -> DiskStore.supplier(MEMORY, tasks);
    };
  }

  /** A snapshot has neither how far a row goes nor what rows lack: none where rows come late. */
  private Duration snapshotEvery() {
    return file.state().rowsEvery().isZero() ? file.state().snapshotEvery() : Duration.ZERO;
  }

  private void addRekeying(org.apache.kafka.streams.Topology to, EventSchema schema) {
    to.addSource(
        AutoOffsetReset.earliest(),
        UNKEYED,
        timestamps(),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer(),
        file.input().topic());
    to.addProcessor(REKEY, () -> new RekeyProcessor(schema, meters), UNKEYED);
    addSink(to, REKEYED, rekeyedTopic(file), REKEY);
    addSink(to, REKEY_DEAD_LETTERS, file.output().deadLetters(), REKEY);
  }

  private static void addSink(
      org.apache.kafka.streams.Topology to, String name, String topic, @Nullable String parent) {
    to.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parent);
  }

  /** A record without a timestamp must not stop its partition. */
  private static TimestampExtractor timestamps() {
    return (record, partitionTime) -> Math.max(0, record.timestamp());
  }
}
