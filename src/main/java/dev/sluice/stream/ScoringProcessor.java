package dev.sluice.stream;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import dev.sluice.river.River;
import dev.sluice.river.Settings;
import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The data path of one task: decode a wave, take it through the {@link River}, forward its results
 * in the order of the events, and write what changed when a commit is near.
 *
 * <p>Nothing is buffered between calls, so there is nothing to lose: what a call does is committed
 * with the offsets of its records, or undone with them.
 */
final class ScoringProcessor
    implements Processor<byte @Nullable [], Wave, byte @Nullable [], byte @Nullable []> {

  /** A commit is asked for when so many rows wait to be written. */
  private static final int MOST_CHANGED_ROWS = 50_000;

  private static final Bytes TICK_KEY = Bytes.wrap(new byte[] {0});
  private static final byte[] TICK = {1};

  private final Plan plan;
  private final JsonDecoder decoder;
  private final ResultJson json = new ResultJson();
  private final SourceText sourceText = new SourceText();

  // One place for each event of a wave, used again.
  private final Event[] events;
  private final Result[] results;
  private final ConsumerRecord<byte @Nullable [], byte @Nullable []>[] sources;
  private int count;
  private int alerts;
  private int scored;

  private ProcessorContext<byte @Nullable [], byte @Nullable []> context;
  private KeyValueStore<Bytes, byte[]> rows;
  private KeyValueStore<Bytes, byte[]> tick;
  private TaskMemory task;
  private Memories memories;
  private River river;
  private Upkeep upkeep;

  /**
   * What every task of a topology shares.
   *
   * @param schema what events look like, keyed by the record's key
   * @param settings how they are scored
   * @param models which model is in force; never empty once the stream runs
   * @param tasks where stores and processor of a task meet
   * @param provenance where records come from
   * @param meters what is counted
   * @param limits what bounds the memories
   */
  record Plan(
      EventSchema schema,
      Settings settings,
      ModelSource<Model> models,
      TaskMemory.Registry tasks,
      Provenance provenance,
      StreamMeters meters,
      Upkeep.Limits limits) {}

  ScoringProcessor(Plan plan) {
    this.plan = plan;
    this.decoder = new JsonDecoder(plan.schema());
    int wave = plan.settings().wave();
    this.events = new Event[wave];
    this.results = new Result[wave];
    this.sources = newSources(wave);
    for (int i = 0; i < wave; i++) {
      events[i] = plan.schema().newEvent();
      results[i] = new Result();
    }
  }

  @SuppressWarnings({
    "unchecked",
    "rawtypes"
  }) // There is no other way to an array of a generic type.
  private static ConsumerRecord<byte @Nullable [], byte @Nullable []>[] newSources(int size) {
    return new ConsumerRecord[size];
  }

  @Override
  public void init(ProcessorContext<byte @Nullable [], byte @Nullable []> context) {
    this.context = context;
    this.rows = context.getStateStore(ScoringTopology.MEMORY);
    this.tick = context.getStateStore(ScoringTopology.TICK);
    this.task = plan.tasks().of(context.taskId());
    this.memories = task.memories();
    task.begin();
    this.upkeep = new Upkeep(task, plan.tasks(), plan.limits());
    this.river = new River(plan.schema(), plan.settings(), memories);
    task.beforeCommit(this::writeChanges);
  }

  /** From now on there is nothing to write: a cache that is flushed later must not try. */
  @Override
  public void close() {
    task.beforeCommit(() -> {});
    task.end();
  }

  @Override
  public void process(Record<byte @Nullable [], Wave> record) {
    task.waveBegins();
    // A wave that failed half-way left events behind; under at-least-once it is processed again.
    count = 0;
    switch (record.value()) {
      case Wave.Run(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> run) -> {
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> raw : run) {
          take(raw);
        }
      }
      case Wave.Single(byte @Nullable [] value) ->
          take(Provenance.raw(context.recordMetadata(), record, value));
    }
    flow();
    tick.put(TICK_KEY, TICK);
    upkeep.afterWave(context::commit, this::writeEarly);
    if (memories.changedCount() > MOST_CHANGED_ROWS) {
      context.commit();
    }
  }

  private void take(ConsumerRecord<byte @Nullable [], byte @Nullable []> raw) {
    if (count == events.length) {
      flow();
    }
    try {
      decoder.decode(raw.key(), raw.value(), raw.timestamp(), events[count]);
      sources[count++] = raw;
    } catch (Rejection e) {
      reject(raw, e);
    }
  }

  private void flow() {
    if (count == 0) {
      return;
    }
    long resets = river.resets();
    long expired = river.expired();
    river.flow(events, count, plan.models().models(), results);
    scored = 0;
    alerts = 0;
    for (int i = 0; i < count; i++) {
      forward(sources[i], results[i]);
    }
    count = 0;
    plan.meters().wave(scored, alerts, river.resets() - resets);
    plan.meters().expired(river.expired() - expired);
  }

  private void forward(ConsumerRecord<byte @Nullable [], byte @Nullable []> source, Result result) {
    if (!result.isScored()) {
      reject(
          source,
          new Rejection(
              Rejection.Reason.UNSCORABLE,
              "model "
                  + result.modelVersion()
                  + " answered with no finite number; the memory of"
                  + " the key was reset"));
      return;
    }
    Headers headers = new RecordHeaders();
    headers.add(Provenance.SOURCE, plan.provenance().source(source, sourceText));
    Record<byte @Nullable [], byte @Nullable []> out =
        new Record<>(result.key(), json.write(result), Math.max(0, source.timestamp()), headers);
    scored++;
    context.forward(out, ScoringTopology.SCORES);
    if (result.isAlert()) {
      alerts++;
      context.forward(out, ScoringTopology.ALERTS);
    }
  }

  private void reject(ConsumerRecord<byte @Nullable [], byte @Nullable []> raw, Rejection why) {
    plan.meters().deadLetter(why.reason());
    context.forward(plan.provenance().deadLetter(raw, why), ScoringTopology.DEAD_LETTERS);
  }

  /** Runs while a commit is prepared: what it puts is part of the transaction. */
  private void writeChanges() {
    putChanges();
    plan.meters().expired(upkeep.beforeCommit(rows));
    task.written();
  }

  /** Makes room in the cache, between two commits. */
  private void writeEarly() {
    putChanges();
    memories.forgetChanges();
  }

  private void putChanges() {
    int changed = memories.changedCount();
    for (int i = 0; i < changed; i++) {
      int slot = memories.changedSlot(i);
      rows.put(Bytes.wrap(memories.key(slot)), RowCodec.write(memories, slot));
    }
    plan.meters().written(changed);
  }
}
