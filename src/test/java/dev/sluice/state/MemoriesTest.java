package dev.sluice.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MemoriesTest {

  private static final RowLayout SMALL = new RowLayout(List.of(3), 2);
  private static final RowLayout LARGE = new RowLayout(List.of(20, 5), 7);

  @Test
  void aNewKeyHasASlotAndNoRow() {
    var memories = new Memories();
    assertThat(memories.find(bytes("a"))).isEqualTo(-1);
    int slot = memories.claim(bytes("a"));
    assertThat(memories.find(bytes("a"))).isEqualTo(slot);
    assertThat(memories.claim(bytes("a"))).isEqualTo(slot);
    assertThat(memories.key(slot)).isEqualTo(bytes("a"));
    assertThat(memories.isUsed(slot)).isTrue();
    assertThat(memories.fits(slot, SMALL)).isFalse();
    assertThat(memories.sequence(slot)).isZero();
    assertThat(memories.version(slot)).isZero();
    assertThat(memories.size()).isEqualTo(1);
  }

  @Test
  void aRowIsZeroWhenNewAndWhenReset() {
    var memories = new Memories();
    for (int i = 0; i < 3_000; i++) {
      int slot = memories.claim(bytes("k" + i));
      memories.reset(slot, SMALL);
      assertZero(memories, slot, SMALL);
      scribble(memories, slot, SMALL);
    }
    for (int slot = 0; slot < 3_000; slot += 7) {
      memories.reset(slot, SMALL);
      assertZero(memories, slot, SMALL);
    }
  }

  @Test
  void rowsOfDifferentKeysDoNotOverlap() {
    var memories = new Memories();
    var random = new Random(1);
    for (int slot = 0; slot < 2_500; slot++) {
      memories.claim(bytes("k" + slot));
      RowLayout layout = random.nextBoolean() ? SMALL : LARGE;
      memories.reset(slot, layout);
      fill(memories, slot, layout, slot + 1);
    }
    for (int slot = 0; slot < 2_500; slot++) {
      RowLayout layout = memories.layout(slot);
      assertThat(memories.fits(slot, layout)).isTrue();
      float[] row = memories.page(slot).toArray(memories.offset(slot), layout.floats());
      assertThat(row).containsOnly(slot + 1);
      double[] stats = memories.stats(slot);
      for (int i = 0; i < layout.doubles(); i++) {
        assertThat(stats[memories.statsAt(slot) + i]).isEqualTo(slot + 1);
      }
      assertThat(memories.offset(slot) % Floats.LINE).isZero();
    }
  }

  @Test
  void aRowNeverMovesWhileTheKeyIsThere() {
    var memories = new Memories();
    int first = memories.claim(bytes("first"));
    memories.reset(first, SMALL);
    Floats page = memories.page(first);
    long offset = memories.offset(first);
    for (int i = 0; i < 10_000; i++) {
      memories.reset(memories.claim(bytes("k" + i)), SMALL);
    }
    assertThat(memories.page(first)).isSameAs(page);
    assertThat(memories.offset(first)).isEqualTo(offset);
  }

  @Test
  void anotherLayoutIsAnotherRow() {
    var memories = new Memories();
    int slot = memories.claim(bytes("a"));
    memories.reset(slot, SMALL);
    scribble(memories, slot, SMALL);
    assertThat(memories.fits(slot, SMALL)).isTrue();
    assertThat(memories.fits(slot, new RowLayout(List.of(3), 2))).isTrue();
    assertThat(memories.fits(slot, LARGE)).isFalse();
    assertThat(memories.fits(slot, new RowLayout(List.of(3), 3))).isFalse();
    memories.reset(slot, LARGE);
    assertZero(memories, slot, LARGE);
    assertThat(memories.layout(slot)).isEqualTo(LARGE);
    // The row that was left is given to the next key, and is zero.
    int next = memories.claim(bytes("b"));
    memories.reset(next, SMALL);
    assertZero(memories, next, SMALL);
    assertThat(memories.offset(next)).isZero();
  }

  @Test
  void aRemovedKeyLeavesNothingToTheNextOne() {
    var memories = new Memories();
    int slot = memories.claim(bytes("a"));
    memories.reset(slot, SMALL);
    scribble(memories, slot, SMALL);
    memories.steppedBy(slot, 7, 3);
    memories.remove(slot);
    assertThat(memories.find(bytes("a"))).isEqualTo(-1);
    assertThat(memories.isUsed(slot)).isFalse();
    assertThat(memories.size()).isZero();
    int next = memories.claim(bytes("b"));
    assertThat(next).isEqualTo(slot);
    assertThat(memories.sequence(next)).isZero();
    assertThat(memories.version(next)).isZero();
    assertThat(memories.fits(next, SMALL)).isFalse();
    memories.reset(next, SMALL);
    assertZero(memories, next, SMALL);
  }

  @Test
  void theOldestChangesAreForgottenFirst() {
    var memories = new Memories();
    var random = new Random(8);
    var wanted = new LinkedHashSet<Integer>();
    for (int i = 0; i < 1_000; i++) {
      memories.claim(bytes("k" + i));
    }
    long forgotten = 0;
    for (int step = 0; step < 20_000; step++) {
      int slot = random.nextInt(1_000);
      memories.changed(slot);
      wanted.add(slot);
      if (random.nextInt(100) == 0) {
        int count = random.nextInt(random.nextInt(10) == 0 ? wanted.size() + 1 : 60);
        count = Math.min(count, wanted.size());
        memories.forgetChanges(count);
        forgotten += count;
        List<Integer> oldest = wanted.stream().limit(count).toList();
        oldest.forEach(wanted::remove);
        assertThat(oldest).noneMatch(memories::isChanged);
      }
      if (random.nextInt(3_000) == 0) {
        forgotten += wanted.size();
        memories.forgetChanges();
        wanted.clear();
      }
      if (step % 50 == 0) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < memories.changedCount(); i++) {
          found.add(memories.changedSlot(i));
        }
        assertThat(found).isEqualTo(List.copyOf(wanted)).allMatch(memories::isChanged);
        assertThat(memories.changesForgotten()).isEqualTo(forgotten);
      }
    }
  }

  @Test
  void aKeyRemembersWhichModelSteppedIt() {
    var memories = new Memories();
    int a = memories.claim(bytes("a"));
    int b = memories.claim(bytes("b"));
    memories.steppedBy(a, 1L << 40, 3);
    assertThat(memories.sequence(a)).isEqualTo(1L << 40);
    assertThat(memories.version(a)).isEqualTo(3);
    assertThat(memories.sequence(b)).isZero();
  }

  /** Against a linked set, over many commits. */
  @Test
  void theChangedKeysAreThoseSinceTheLastCommitInTheOrderOfTheirFirstChange() {
    var memories = new Memories();
    for (int i = 0; i < 3_000; i++) {
      memories.claim(bytes("k" + i));
    }
    var random = new Random(1);
    for (int commit = 0; commit < 200; commit++) {
      Set<Integer> expected = new LinkedHashSet<>();
      int changes = random.nextInt(1 + (commit % 10 == 0 ? 5_000 : 100));
      for (int i = 0; i < changes; i++) {
        int slot = random.nextInt(3_000);
        memories.changed(slot);
        expected.add(slot);
      }
      List<Integer> found = new ArrayList<>();
      for (int i = 0; i < memories.changedCount(); i++) {
        found.add(memories.changedSlot(i));
      }
      assertThat(found).isEqualTo(List.copyOf(expected));
      memories.forgetChanges();
      assertThat(memories.changedCount()).isZero();
    }
  }

  @Test
  void aKeyThatIsToBeWrittenCannotBeRemoved() {
    var memories = new Memories();
    int slot = memories.claim(bytes("a"));
    memories.changed(slot);
    assertThatThrownBy(() -> memories.remove(slot))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("slot 0 is to be written, it cannot be removed");
    memories.forgetChanges();
    memories.remove(slot);
    // The slot's new key has not changed yet, whatever the old one did.
    int next = memories.claim(bytes("b"));
    memories.changed(next);
    assertThat(memories.changedCount()).isEqualTo(1);
  }

  /** Keys come, change shape and go; a map says what each must hold. */
  @Test
  void everyKeyKeepsItsOwnMemoryThroughAnyHistory() {
    var memories = new Memories();
    var random = new Random(2);
    Map<Integer, Integer> marks = new HashMap<>(); // By key.
    for (int step = 0; step < 30_000; step++) {
      int key = random.nextInt(2_000);
      byte[] bytes = bytes("k" + key);
      Integer mark = marks.get(key);
      int slot = memories.find(bytes);
      assertThat(slot >= 0).isEqualTo(mark != null);
      if (mark != null) {
        assertThat(memories.page(slot).get(memories.offset(slot))).isEqualTo(mark.floatValue());
        assertThat(memories.stats(slot)[memories.statsAt(slot)]).isEqualTo(mark.doubleValue());
      }
      if (mark != null && random.nextInt(4) == 0) {
        memories.remove(slot);
        marks.remove(key);
      } else {
        slot = memories.claim(bytes);
        RowLayout layout = random.nextInt(3) == 0 ? LARGE : SMALL;
        if (mark == null || random.nextInt(5) == 0) {
          memories.reset(slot, layout);
          assertThat(memories.page(slot).get(memories.offset(slot))).isZero();
        }
        fill(memories, slot, memories.layout(slot), step % 10_000);
        marks.put(key, step % 10_000);
      }
    }
    assertThat(memories.size()).isEqualTo(marks.size());
  }

  @Test
  void aLayoutHasLimitsAndAHashOfItsOwn() {
    assertThat(SMALL.floats()).isEqualTo(2 * 16);
    assertThat(LARGE.floats()).isEqualTo(2 * 32 + 2 * 16);
    Set<Long> hashes = new HashSet<>();
    int layouts = 0;
    for (int a = 1; a <= 40; a++) {
      for (int stats = 0; stats < 40; stats++) {
        hashes.add(new RowLayout(List.of(a), stats).hash());
        layouts++;
        for (int b = 1; b <= 20; b++) {
          hashes.add(new RowLayout(List.of(a, b), stats).hash());
          layouts++;
        }
      }
    }
    assertThat(hashes).hasSize(layouts);
    assertMisfit(List.of(), 0, "0 layers, from 1 to 16");
    assertMisfit(java.util.Collections.nCopies(17, 1), 0, "17 layers, from 1 to 16");
    assertMisfit(List.of(0), 0, "0 units in a layer, from 1 to 4096");
    assertMisfit(List.of(1, 4097), 0, "4097 units in a layer, from 1 to 4096");
    assertMisfit(List.of(1), -1, "-1 statistics, from 0 to 65535");
    assertMisfit(List.of(1), 65_536, "65536 statistics, from 0 to 65535");
  }

  private static void assertMisfit(List<Integer> hidden, int stats, String message) {
    assertThatThrownBy(() -> new RowLayout(hidden, stats))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** What both layouts have goes along, all else is zero; another key is left alone. */
  @Test
  void aRowThatIsReshapedKeepsWhatBothLayoutsHave() {
    var kept = new Strip(2, 7, 5, 3);
    var lost = new Strip(1, 7, 4, 2);
    var from = new RowLayout(List.of(3), 2, List.of(lost, kept));
    var memories = new Memories();
    int other = memories.claim(bytes("other"));
    memories.reset(other, from);
    fill(memories, other, from, 3);
    int slot = memories.claim(bytes("a"));
    memories.reset(slot, from);
    memories.steppedBy(slot, 9, 4);
    memories.saw(slot, 77);
    fill(memories, slot, from, 1);

    var more = new RowLayout(List.of(3), 2, List.of(kept, new Strip(1, 8, 4, 2)));
    memories.reshape(slot, more);
    assertThat(memories.layout(slot)).isEqualTo(more);
    float[] ones = new float[32 + 16 + 16];
    Arrays.fill(ones, 0, 32 + 5, 1);
    assertThat(memories.page(slot).toArray(memories.offset(slot), more.floats())).isEqualTo(ones);
    assertThat(doubles(memories, slot, more)).containsExactly(1, 1, 1, 1, 1, 0, 0);
    assertThat(memories.sequence(slot)).isEqualTo(9);
    assertThat(memories.events(slot)).isEqualTo(1);

    var larger = new RowLayout(List.of(4), 3, List.of(kept));
    memories.reshape(slot, larger);
    float[] strip = new float[32 + 16];
    Arrays.fill(strip, 32, 32 + 5, 1);
    assertThat(memories.page(slot).toArray(memories.offset(slot), larger.floats()))
        .isEqualTo(strip);
    assertThat(doubles(memories, slot, larger)).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(doubles(memories, other, from)).containsOnly(3);
  }

  private static double[] doubles(Memories memories, int slot, RowLayout layout) {
    int at = memories.statsAt(slot);
    return Arrays.copyOfRange(memories.stats(slot), at, at + layout.doubles());
  }

  private static void assertZero(Memories memories, int slot, RowLayout layout) {
    float[] row = memories.page(slot).toArray(memories.offset(slot), layout.floats());
    assertThat(row).containsOnly(0);
    for (int i = 0; i < layout.doubles(); i++) {
      assertThat(memories.stats(slot)[memories.statsAt(slot) + i]).isZero();
    }
  }

  private static void scribble(Memories memories, int slot, RowLayout layout) {
    fill(memories, slot, layout, Float.NaN);
  }

  private static void fill(Memories memories, int slot, RowLayout layout, float value) {
    memories.page(slot).fill(memories.offset(slot), layout.floats(), value);
    for (int i = 0; i < layout.doubles(); i++) {
      memories.stats(slot)[memories.statsAt(slot) + i] = value;
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
