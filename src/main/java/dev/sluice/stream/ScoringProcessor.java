package dev.sluice.stream;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.registry.Models;
import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import dev.sluice.river.River;
import dev.sluice.river.Settings;
import dev.sluice.state.Memories;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
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

  private static final Duration LEAST_REMINDER = Duration.ofSeconds(1);

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
  private Saving saving;
  private @Nullable Cancellable reminder;
  private long latestTime; // Of a wave, by its records; 0 before there is one.

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
   * @param saving when their rows are written
   */
  record Plan(
      EventSchema schema,
      Settings settings,
      ModelSource<Model> models,
      TaskMemory.Registry tasks,
      Provenance provenance,
      StreamMeters meters,
      Upkeep.Limits limits,
      Saving.Rule saving) {}

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
    this.saving = Saving.begin(plan, task, context.taskId(), context.appConfigs());
    this.reminder = null;
    this.latestTime = 0;
    task.beforeCommit(this::writeChanges);
    remind();
  }

  /** From now on there is nothing to write: a cache that is flushed later must not try. */
  @Override
  public void close() {
    task.beforeCommit(() -> {});
    saving.end();
    task.end();
  }

  /** Where rows wait to be written, they must not wait for the next event. */
  private void remind() {
    if (reminder == null && saving.isBehind()) {
      Duration every = plan.saving().isAlways() ? LEAST_REMINDER : plan.saving().every();
      reminder = context.schedule(every, PunctuationType.WALL_CLOCK_TIME, _ -> reminded());
    }
  }

  private void reminded() {
    if (saving.isBehind()) {
      context.forward(new Record<>(null, null, latestTime), ScoringTopology.REMINDER);
    } else if (reminder != null) {
      reminder.cancel();
      reminder = null;
    }
  }

  @Override
  public void process(Record<byte @Nullable [], Wave> record) {
    task.waveBegins();
    // A wave that failed half-way left events behind; under at-least-once it is processed again.
    count = 0;
    switch (record.value()) {
      case Wave.Run(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> run) -> wave(run);
      case Wave.Single(byte @Nullable [] value) ->
          wave(List.of(Provenance.raw(context.recordMetadata(), record, value)));
    }
    tick.put(TICK_KEY, TICK);
    upkeep.afterWave(context::commit, this::writeEarly);
    if (saving.changedLately() > MOST_CHANGED_ROWS) {
      context.commit();
    }
    remind();
  }

  private void wave(List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> run) {
    Models<Model> models = plan.models().models();
    saving.waveBegins(run.getFirst().offset(), models);
    for (ConsumerRecord<byte @Nullable [], byte @Nullable []> raw : run) {
      take(raw, models);
    }
    flow(models);
    latestTime = Math.max(latestTime, run.getLast().timestamp());
    saving.waveEnds(run.getLast().offset() + 1, run.size());
  }

  private void take(
      ConsumerRecord<byte @Nullable [], byte @Nullable []> raw, Models<Model> models) {
    if (count == events.length) {
      flow(models);
    }
    try {
      decoder.decode(raw.key(), raw.value(), raw.timestamp(), events[count]);
      sources[count++] = raw;
    } catch (Rejection e) {
      reject(raw, e);
    }
  }

  private void flow(Models<Model> models) {
    if (count == 0) {
      return;
    }
    long resets = river.resets();
    long expired = river.expired();
    river.flow(events, count, models, results);
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
    int due = putDue();
    plan.meters().expired(upkeep.beforeCommit(rows));
    saving.written(due, rows);
  }

  /** Makes room in the cache, between two commits; where there is one, each commit writes all. */
  private void writeEarly() {
    putDue();
    memories.forgetChanges();
  }

  private int putDue() {
    int due = saving.putDue(rows);
    plan.meters().written(due);
    return due;
  }
}
