package dev.sluice.stream;

import dev.sluice.event.Event;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Result;
import dev.sluice.river.River;
import dev.sluice.state.Memories;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the memories of a task to where its last commit was, from rows that are older: the events
 * that they lack are read once more and taken through the river, and what comes out is thrown away,
 * because it was delivered. The kernel gives the same bits again, and each event finds the model
 * that it found the first time, so the memories are the same.
 *
 * <p>Where that is not sure, it is said and counted: records that are gone, or another history of
 * models than the one the events found.
 */
final class Recompute {

  private static final Logger LOG = LoggerFactory.getLogger(Recompute.class);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** In which a follower hears of a version that another instance knew of before. */
  private static final Duration MODELS_PATIENCE = Duration.ofSeconds(20);

  private final ScoringProcessor.Plan plan;
  private final Memories memories;
  private final RowOffsets offsets;
  private final JsonDecoder decoder;
  private final River river;
  private final Event[] events;
  private final Result[] results;
  private int count;

  private long read;
  private long stepped;
  private boolean sameHistory = true;

  Recompute(ScoringProcessor.Plan plan, Memories memories, RowOffsets offsets) {
    this.plan = plan;
    this.memories = memories;
    this.offsets = offsets;
    this.decoder = new JsonDecoder(plan.schema());
    this.river = new River(plan.schema(), plan.settings(), memories);
    int wave = plan.settings().wave();
    this.events = new Event[wave];
    this.results = new Result[wave];
    for (int i = 0; i < wave; i++) {
      events[i] = plan.schema().newEvent();
      results[i] = new Result();
    }
  }

  /**
   * Recomputes. Every memory that is not in the changelog as it is now is among the changed then.
   *
   * @param input reads {@code partition}, and nothing else
   * @throws TimeoutException if the brokers do not give what they have
   */
  void run(Consumer<byte[], byte[]> input, TopicPartition partition, Span span) {
    long began = System.nanoTime();
    List<TopicPartition> only = List.of(partition);
    input.assign(only);
    long first = Objects.requireNonNull(input.beginningOffsets(only).get(partition));
    long end = Math.min(span.next(), end(input, partition, span.next()));
    input.seek(partition, Math.max(span.from(), first));
    read(input, partition, span, end);
    plan.meters().recomputed(stepped);
    LOG.atInfo()
        .addKeyValue("partition", partition)
        .addKeyValue("records", read)
        .addKeyValue("events", stepped)
        .addKeyValue("millis", (System.nanoTime() - began) / 1_000_000)
        .log("Memories recomputed from the input");
    complain(partition, span, first);
  }

  /** What was read before is there: a leader that is new may need a moment to know. */
  private static long end(Consumer<byte[], byte[]> input, TopicPartition partition, long wanted) {
    long deadline = System.nanoTime() + MODELS_PATIENCE.toNanos();
    while (true) {
      long end = Objects.requireNonNull(input.endOffsets(List.of(partition)).get(partition));
      if (end >= wanted || System.nanoTime() > deadline) {
        return end;
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new org.apache.kafka.common.errors.InterruptException(e);
    }
  }

  /** Returns the models as the events of a stretch found them. */
  private Models<Model> history(Span.Stretch stretch) {
    Models<Model> then = plan.models().models().upTo(stretch.sequence());
    long deadline = System.nanoTime() + MODELS_PATIENCE.toNanos();
    while (then.fingerprint() != stretch.fingerprint()
        && plan.models().models().newest().sequence() < stretch.sequence()
        && System.nanoTime() < deadline) {
      pause();
      then = plan.models().models().upTo(stretch.sequence());
    }
    sameHistory &= then.fingerprint() == stretch.fingerprint();
    return then.isEmpty() ? plan.models().models() : then;
  }

  private void read(Consumer<byte[], byte[]> input, TopicPartition partition, Span span, long end) {
    int stretch = 0;
    Models<Model> models = history(span.stretches().getFirst());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    for (long at = input.position(partition); at < end; at = input.position(partition)) {
      for (ConsumerRecord<byte[], byte[]> raw : poll(input, partition)) {
        if (raw.offset() >= end) {
          break;
        }
        int here = span.stretchOf(raw.offset(), stretch);
        if (here != stretch) {
          flow(models);
          stretch = here;
          models = history(span.stretches().get(stretch));
        }
        take(raw, models);
      }
      if (input.position(partition) != at) {
        deadline = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > deadline) {
        throw new TimeoutException(
            "Nothing came of " + partition + " from offset " + at + " on, which is not its end");
      }
    }
    flow(models);
  }

  private static Iterable<ConsumerRecord<byte[], byte[]>> poll(
      Consumer<byte[], byte[]> input, TopicPartition partition) {
    try {
      return input.poll(POLL);
    } catch (OffsetOutOfRangeException _) {
      // Retention was faster; that records are missing is seen in the end.
      input.seekToBeginning(List.of(partition));
      return List.of();
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> raw, Models<Model> models) {
    read++;
    if (raw.key() == null || isKnown(raw.key(), raw.offset())) {
      return;
    }
    try {
      decoder.decode(raw.key(), raw.value(), raw.timestamp(), events[count]);
      count++;
    } catch (Rejection _) {
      return; // Its dead letter was delivered.
    }
    if (count == events.length) {
      flow(models);
    }
  }

  private boolean isKnown(byte[] key, long offset) {
    int slot = memories.find(key);
    boolean known = slot >= 0 && offsets.isIncluded(slot, offset);
    if (known && offsets.isOnlyInMemory(slot)) {
      memories.changed(slot);
    }
    return known;
  }

  private void flow(Models<Model> models) {
    if (count > 0) {
      river.flow(events, count, models, results);
      stepped += count;
      count = 0;
    }
  }

  private void complain(TopicPartition partition, Span span, long first) {
    if (read != span.records()) {
      plan.meters().recomputedInexactly();
      LOG.atError()
          .addKeyValue("partition", partition)
          .addKeyValue("from", span.from())
          .addKeyValue("to", span.next())
          .addKeyValue("begins", first)
          .addKeyValue("expected", span.records())
          .addKeyValue("found", read)
          .log(
              "Records of the input that memories were to be recomputed from are gone, by retention"
                  + " or because the topic was made anew: the memories of their keys go on without"
                  + " them. Give the input a retention.ms of many times state.rowsEvery");
    }
    if (!sameHistory) {
      plan.meters().recomputedInexactly();
      LOG.atError()
          .addKeyValue("partition", partition)
          .log(
              "The timeline of models is not the one that events were scored with before, because"
                  + " versions were removed or the weights topic was made anew: their memories were"
                  + " recomputed with the models there are");
    }
  }
}
