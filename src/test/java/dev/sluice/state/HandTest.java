package dev.sluice.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What leaves memory: idle keys, cold keys, and what there is no room for. */
final class HandTest {

  private static final RowLayout LAYOUT = new RowLayout(List.of(3), 2);
  private static final long ROW_BYTES = 2 * 16 * 4 + 2 * 8;

  private static byte[] key(int number) {
    return ("k" + number).getBytes(UTF_8);
  }

  private static int add(Memories memories, int number, long time) {
    int slot = memories.claim(key(number));
    memories.reset(slot, LAYOUT);
    memories.saw(slot, time);
    return slot;
  }

  @Test
  void onlyKeysThatWereSilentForTooLongAreRemovedAFewAtATime() {
    var memories = new Memories();
    for (int i = 0; i < 1_000; i++) {
      add(memories, i, i);
    }
    var hand = new Hand(memories);
    assertThat(hand.removeIdle(10_000, 100, memories::remove)).as("all are changed").isZero();
    memories.forgetChanges();
    assertThat(memories.streamTime()).isEqualTo(999);
    assertThat(hand.removeIdle(10, 100, memories::remove)).isBetween(1, 10);
    hand.removeIdle(10_000, 100, memories::remove);
    for (int i = 0; i < 1_000; i++) {
      assertThat(memories.find(key(i)) >= 0).as("key %d", i).isEqualTo(i >= 899);
    }
  }

  @Test
  void aKeyOfUnknownTimeIsNeverIdle() {
    var memories = new Memories();
    int slot = memories.claim(key(1));
    assertThat(memories.isIdle(slot, Long.MAX_VALUE, 1)).isFalse();
    memories.saw(slot, -5);
    assertThat(memories.isIdle(slot, 5, 9)).isTrue();
    assertThat(memories.isIdle(slot, 5, 10)).isFalse();
    assertThat(memories.isIdle(slot, Long.MAX_VALUE, Long.MAX_VALUE - 1)).isTrue();
    assertThat(memories.isIdle(slot, -6, 1)).isFalse();
  }

  @Test
  void coldKeysMakeRoomAndChangedOnesStay() {
    var memories = new Memories();
    for (int i = 0; i < 1_000; i++) {
      add(memories, i, i);
    }
    memories.forgetChanges();
    var hand = new Hand(memories);
    hand.evict(memories.residentBytes() / 2);
    assertThat(memories.size()).isBetween(490, 500);
    for (int i = 0; i < 1_000; i++) {
      if (memories.find(key(i)) >= 0) {
        memories.changed(memories.find(key(i)));
      }
    }
    hand.evict(1);
    assertThat(memories.size()).isBetween(490, 500);
    memories.forgetChanges();
    hand.evict(1);
    assertThat(memories.size()).isZero();
    assertThat(memories.residentBytes()).isZero();
  }

  /** A small cache over a map gives the same as memories that hold everything. */
  @Test
  void aKeyThatIsNotResidentIsReadAgain() {
    var whole = new Memories();
    var cached = new Memories();
    Map<String, byte[]> disk = new HashMap<>();
    cached.backedBy(key -> disk.get(new String(key, UTF_8)));
    var hand = new Hand(cached);
    var random = new Random(1);
    for (int step = 0; step < 20_000; step++) {
      int number = random.nextInt(300);
      for (Memories memories : List.of(whole, cached)) {
        int slot = memories.claim(key(number));
        if (!memories.fits(slot, LAYOUT)) {
          memories.reset(slot, LAYOUT);
        }
        float before = memories.page(slot).get(memories.offset(slot));
        memories.page(slot).set(memories.offset(slot), before * 0.5f + step);
        memories.saw(slot, step);
      }
      if (step % 50 == 0) {
        for (int i = 0; i < cached.changedCount(); i++) {
          int slot = cached.changedSlot(i);
          disk.put(new String(cached.key(slot), UTF_8), RowCodec.write(cached, slot));
        }
        cached.forgetChanges();
        hand.evict(20 * ROW_BYTES);
      }
    }
    assertThat(cached.size()).isLessThan(100);
    for (int number = 0; number < 300; number++) {
      int slot = whole.find(key(number));
      assertThat(RowCodec.write(cached, cached.claim(key(number))))
          .isEqualTo(RowCodec.write(whole, slot));
    }
  }

  @Test
  void whatExceedsTheBudgetIsRefusedAndWhatIsFreedCanBeTakenAgain() {
    long page = RowArea.PAGE_ROWS * ROW_BYTES;
    MemoryBudget budget = MemoryBudget.of(2 * page + 250_000);
    var memories = new Memories(Encoding.FLOAT32, budget);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3_000; i++) {
                add(memories, i, i);
              }
            })
        .isInstanceOf(MemoryBudgetException.class)
        .hasMessage(
            "The memories of 2049 keys need 1 MB, state.memory allows 1 MB. Give this process more"
                + " memory (state.memory, and -Xmx in SLUICE_OPTS), or share the keys among more"
                + " instances, or keep them on disk with state: {store: rocksdb}");
    memories.clear();
    assertThat(budget.taken()).isZero();
    assertThat(budget.keys()).isZero();
    for (int i = 0; i < 2_048; i++) {
      add(memories, i, i);
    }
    memories.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void pagesOfALayoutThatIsNotUsedAnyMoreAreFreed() {
    MemoryBudget budget = MemoryBudget.unlimited();
    var memories = new Memories(Encoding.FLOAT32, budget);
    for (int i = 0; i < 5_000; i++) {
      add(memories, i, i);
    }
    long before = budget.taken();
    var other = new RowLayout(List.of(2), 2);
    for (int slot = 0; slot < 5_000; slot++) {
      memories.reset(slot, other);
    }
    assertThat(budget.taken()).as("rows of the same size").isEqualTo(before);
  }

  @Test
  void keysAreCountedExactlyAtFirstAndThenNearly() {
    var count = new KeyCount();
    for (int i = 0; i < 50_000; i++) {
      count.add(key(i));
      count.add(key(i / 2));
    }
    assertThat(count.keys()).isEqualTo(50_000);
    count.remove(key(7));
    assertThat(count.keys()).isEqualTo(49_999);
    for (int i = 0; i < 1_000_000; i++) {
      count.add(key(i));
    }
    assertThat(count.keys()).isBetween(980_000L, 1_020_000L);
  }
}
