package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proof.Events;
import dev.sluice.registry.Timeline;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memories that are recomputed are those that there were, bit for bit. */
final class RecomputeTest {

  private static final Duration EVERY = Duration.ofSeconds(10);

  /**
   * Waves, commits, crashes, moves, new versions at once and by time, and now and then a process
   * that is configured otherwise.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1; {onSwap: keep}",
        "2; {onSwap: reset}",
        "3; {expireAfter: 1h}",
        "4; {encoding: float16, expireAfter: 1h}",
      })
  void whateverHappensTheMemoriesAreThoseOfARiverThatNothingHappensTo(int seed, String state) {
    var twins = new Twins(state);
    var random = new Random(seed);
    Events events = Events.of(6_000, 60, 1, seed);
    for (Events.Sent event : events.list()) {
      twins.append(event, random.nextInt(10) == 0 ? random.nextInt(4) : 0);
    }
    twins.rowsEvery(EVERY);
    Twins.Process[] processes = {twins.new Process(), twins.new Process()};
    int active = 0;
    processes[0].begin();
    while (twins.left() > 0) {
      processes[active].wave(1 + random.nextInt(20));
      twins.later(Duration.ofMillis(random.nextInt(300)));
      int chance = random.nextInt(100);
      if (chance < 30) {
        processes[active].commit();
      } else if (chance < 34) {
        happen(chance, twins, processes[1 - active], random);
      } else if (chance < 37) {
        processes[active].crash();
        active = random.nextInt(2);
        begin(twins, processes[active], random);
      } else if (chance < 40) {
        processes[active].recycle();
        active = 1 - active;
        begin(twins, processes[active], random);
      }
    }
    processes[active].recycle();
    assertThat(twins.wanted()).hasSizeGreaterThan(50);
    begin(twins, processes[1 - active]);
    assertThat(twins.recomputations()).isGreaterThan(15);
    assertThat(twins.count("sluice.recomputed.inexactly")).isZero();
    assertThat(twins.count("sluice.recomputed.events")).isGreaterThan(1_000);
  }

  /** What the one that works does not notice. */
  private static void happen(int which, Twins twins, Twins.Process other, Random random) {
    switch (which) {
      case 30 -> twins.publish(Timeline.IMMEDIATE);
      case 31 -> twins.publish(Events.timeMillis(random.nextInt(6_000)));
      case 32 -> other.follow();
      default -> twins.later(EVERY.multipliedBy(2));
    }
  }

  /** Begins as configured, and one time in four as one that writes a row with each commit. */
  private static void begin(Twins twins, Twins.Process process, Random random) {
    twins.rowsEvery(random.nextInt(4) == 0 ? Duration.ZERO : EVERY);
    begin(twins, process);
  }

  private static void begin(Twins twins, Twins.Process process) {
    process.begin();
    assertThat(process.rows()).isEqualTo(twins.wanted());
  }

  private static Twins streamed(int events, int keys, Twins.Process[] process) {
    var twins = new Twins("{onSwap: keep}");
    Events.of(events, keys, 1, 9).list().forEach(event -> twins.append(event, 0));
    twins.rowsEvery(EVERY);
    process[0] = twins.new Process();
    process[0].begin();
    return twins;
  }

  @Test
  void aRowIsWrittenOnceInATimeAndNotWithEachCommit() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(4_000, 20, process);
    while (twins.left() > 0) {
      process[0].wave(20);
      process[0].commit();
      twins.later(Duration.ofMillis(100));
    }

    // 20 s of commits in each of which nearly every key changes: its row comes at 10 s, and then
    // again when it is 10 s older.
    assertThat(twins.rowsWritten()).isBetween(20, 40);
    process[0].crash();
    begin(twins, process[0]);
  }

  @Test
  void whenEventsStayAwayEverythingIsWrittenInTheEnd() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(400, 20, process);
    process[0].wave(400);
    process[0].commit();
    assertThat(twins.changelog()).as("nothing but the span").hasSize(1);
    twins.later(EVERY);
    process[0].commit();

    assertThat(twins.changelog()).hasSize(1 + twins.wanted().size());
    process[0].crash();
    int before = twins.recomputations();
    begin(twins, process[0]);
    assertThat(twins.recomputations()).as("there is nothing to recompute").isEqualTo(before);
  }

  /** What it holds beyond the rows is neither stepped twice nor taken for written. */
  @Test
  void aStandbyThatIsFurtherThanTheRowsGoesOnWhereItsSuccessorDied() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(400, 20, process);
    Twins.Process successor = twins.new Process();
    process[0].wave(200);
    process[0].recycle();
    begin(twins, successor);
    successor.wave(50);
    successor.crash();

    begin(twins, process[0]);
    process[0].wave(5);
    process[0].commit();
    process[0].crash();
    begin(twins, successor);
  }

  @Test
  void switchedBackItWritesPlainRowsAndNoSpan() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(400, 20, process);
    process[0].wave(300);
    process[0].commit();
    process[0].crash();
    twins.rowsEvery(Duration.ZERO);
    begin(twins, process[0]);
    process[0].wave(50);
    process[0].commit();
    process[0].wave(50);
    process[0].commit();

    assertThat(twins.changelog()).hasSize(twins.wanted().size());
    twins
        .changelog()
        .forEach(
            (key, row) ->
                assertThat(Twins.shown(DatedRow.row(row))).isEqualTo(twins.wanted().get(key)));
    int before = twins.recomputations();
    process[0].crash();
    begin(twins, process[0]);
    assertThat(twins.recomputations()).isEqualTo(before);
  }

  @Test
  void whatRetentionTookIsSaidAndCounted() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(400, 20, process);
    process[0].wave(400);
    process[0].commit();
    process[0].crash();
    twins.loseInputUpTo(twins.nextOffset() - 100);
    process[0].begin();

    assertThat(twins.count("sluice.recomputed.inexactly")).isEqualTo(1);
    assertThat(twins.count("sluice.recomputed.events")).isBetween(80.0, 100.0);
    assertThat(process[0].rows()).isNotEqualTo(twins.wanted());
  }

  @Test
  void aHistoryOfModelsThatWasForgottenIsSaidAndCounted() {
    Twins.Process[] process = new Twins.Process[1];
    Twins twins = streamed(400, 20, process);
    twins.publish(Events.timeMillis(200));
    process[0].wave(400);
    process[0].commit();
    process[0].crash();
    twins.forgetHistory();
    process[0].begin();

    assertThat(twins.count("sluice.recomputed.inexactly")).isEqualTo(1);
    assertThat(process[0].rows()).isNotEqualTo(twins.wanted());
  }
}
