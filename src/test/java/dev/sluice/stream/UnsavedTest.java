package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.state.Memories;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is due when, against a plain table of when each key changed first. */
final class UnsavedTest {

  private static final long EVERY = 1_000;

  private final Memories memories = new Memories();
  private long nanos;
  private final Unsaved unsaved = new Unsaved(memories, EVERY, () -> nanos);

  private static Models<String> models(int entries) {
    Timeline timeline = Timeline.empty("m");
    Map<Integer, String> loaded = new HashMap<>();
    for (int version = 1; version <= entries; version++) {
      timeline = timeline.plus(version, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH);
      loaded.put(version, "model");
    }
    return Models.of(timeline, loaded);
  }

  private void change(int key) {
    memories.changed(memories.claim(("k" + key).getBytes(UTF_8)));
  }

  /** A change of the table: when its commit began, and the offset of its first event. */
  private record Change(long nanos, long offset) {}

  @Test
  void whatIsDueIsWhatChangedFirstLongAgoAndTheSpanBeginsBeforeAllTheRest() {
    var random = new Random(3);
    Models<String> inForce = models(1);
    Map<Integer, Change> wanted = new LinkedHashMap<>();
    long offset = 0;
    long commitNanos = 0;
    boolean open = false;
    for (int step = 0; step < 20_000; step++) {
      nanos += random.nextInt(30);
      if (!open) {
        commitNanos = nanos;
        open = true;
      }
      unsaved.begins(offset, inForce);
      int key = random.nextInt(random.nextBoolean() ? 10 : 3_000);
      change(key);
      wanted.putIfAbsent(key, new Change(commitNanos, offset));
      unsaved.ends(++offset, 1);
      if (random.nextInt(20) == 0) {
        long now = nanos;
        int due = (int) wanted.values().stream().filter(c -> now - c.nanos >= EVERY).count();
        assertThat(unsaved.due()).isEqualTo(due);
        wanted.values().removeIf(change -> now - change.nanos >= EVERY);
        unsaved.saved(due);
        open = false;
        Span span = unsaved.span();
        long first = wanted.values().stream().mapToLong(Change::offset).min().orElse(offset);
        assertThat(span.from()).isLessThanOrEqualTo(first).isGreaterThan(first - 200);
        assertThat(span.next()).isEqualTo(offset);
        assertThat(span.records()).isEqualTo(span.next() - span.from());
        assertThat(unsaved.isEmpty()).isEqualTo(wanted.isEmpty());
      }
    }
  }

  @Test
  void aCommitWritesNoMoreThanItsShareAndTheRestComesNext() {
    unsaved.begins(0, models(1));
    int all = 2 * Unsaved.MOST_ROWS + 7;
    for (int key = 0; key < all; key++) {
      change(key);
    }
    unsaved.ends(all, all);
    assertThat(unsaved.changedLately()).isEqualTo(all);
    assertThat(unsaved.due()).isZero();
    nanos += EVERY;
    for (int left = all; left > 0; left = memories.changedCount()) {
      assertThat(unsaved.due()).isEqualTo(Math.min(left, Unsaved.MOST_ROWS));
      unsaved.saved(unsaved.due());
      assertThat(unsaved.span().from()).isEqualTo(memories.changedCount() > 0 ? 0 : all);
    }
    assertThat(unsaved.span().isEmpty()).isTrue();
  }

  @Test
  void eachHistoryOfModelsIsAStretchUntilItsEventsAreInRows() {
    for (int entries = 1; entries <= 3; entries++) {
      unsaved.begins(10L * entries, models(entries));
      change(entries);
      unsaved.ends(10L * entries + 10, 10);
      unsaved.saved(0);
      nanos += 400;
    }
    unsaved.begins(40, models(3)); // Another list, but no other history.
    unsaved.ends(50, 10);
    assertThat(unsaved.span().stretches())
        .extracting(Span.Stretch::from, Span.Stretch::sequence)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(10L, 1L),
            org.assertj.core.groups.Tuple.tuple(20L, 2L),
            org.assertj.core.groups.Tuple.tuple(30L, 3L));
    unsaved.saved(unsaved.due()); // The first key only.
    assertThat(unsaved.span().from()).isEqualTo(20);
    assertThat(unsaved.span().stretches())
        .extracting(Span.Stretch::sequence)
        .containsExactly(2L, 3L);
  }

  @Test
  void whatWasRecomputedIsDueAtOnce() {
    var span = new Span(100, 200, 90, unsavedStretches());
    change(1);
    change(2);
    unsaved.resume(span);
    assertThat(unsaved.span()).isEqualTo(span);
    assertThat(unsaved.due()).isEqualTo(2);
    unsaved.begins(200, models(1));
    change(3);
    unsaved.ends(210, 10);
    unsaved.saved(unsaved.due());
    assertThat(unsaved.span().from()).isEqualTo(200);
    assertThat(unsaved.span().records()).isEqualTo(10);
  }

  private static java.util.List<Span.Stretch> unsavedStretches() {
    return java.util.List.of(new Span.Stretch(90, 1, models(1).fingerprint()));
  }
}
