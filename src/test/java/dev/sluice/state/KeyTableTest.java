package dev.sluice.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against {@link HashMap}. */
final class KeyTableTest {

  private static final int STEPS = 50_000;

  /** A key that a hash map can hold. */
  private record Key(String text) {

    byte[] bytes() {
      return text.getBytes(UTF_8);
    }
  }

  /** Few keys are removed and added all the time, many keys make the table grow. */
  @ParameterizedTest
  @CsvSource({"1, 10", "2, 300", "3, 5000", "4, 1000000"})
  void itHoldsWhatAHashMapHolds(long seed, int distinct) {
    var random = new Random(seed);
    var table = new KeyTable();
    Map<Key, Integer> expected = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      var key = new Key("key-" + random.nextInt(distinct));
      Integer slot = expected.get(key);
      int found = table.find(key.bytes());
      if (found != (slot == null ? -1 : slot)) {
        throw new AssertionError(
            key + " is found at " + found + ", not " + slot + ", step " + step);
      }
      if (slot == null) {
        expected.put(key, table.add(key.bytes()));
      } else if (random.nextInt(3) > 0) {
        table.remove(slot);
        expected.remove(key);
      }
    }
    assertThat(table.size()).isEqualTo(expected.size());
    assertHolds(table, expected);
  }

  private static void assertHolds(KeyTable table, Map<Key, Integer> expected) {
    boolean[] used = new boolean[table.slotLimit()];
    expected.forEach(
        (key, slot) -> {
          assertThat(table.find(key.bytes())).isEqualTo(slot);
          assertThat(table.key(slot)).isEqualTo(key.bytes());
          assertThat(used[slot]).as("slot %d is of one key only", slot).isFalse();
          used[slot] = true;
        });
    for (int slot = 0; slot < table.slotLimit(); slot++) {
      assertThat(table.key(slot) != null).isEqualTo(used[slot]);
    }
  }

  @Test
  void slotsAreNumberedDenselyAndUsedAgain() {
    var table = new KeyTable();
    List<Integer> slots = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      slots.add(table.add(bytes("a" + i)));
    }
    for (int i = 0; i < 5_000; i++) {
      assertThat(slots.get(i)).isEqualTo(i);
    }
    for (int i = 0; i < 5_000; i += 2) {
      table.remove(i);
    }
    assertThat(table.size()).isEqualTo(2_500);
    for (int i = 0; i < 2_500; i++) {
      assertThat(table.add(bytes("b" + i)) % 2).isZero();
    }
    assertThat(table.slotLimit()).isEqualTo(5_000);
    assertThat(table.size()).isEqualTo(5_000);
  }

  @Test
  void keysThatJavaHashesAlikeAreToldApart() {
    // Every pair "Aa" may be "BB" without changing Arrays.hashCode: 1,024 keys of one hash.
    List<byte[]> keys = new ArrayList<>();
    for (int bits = 0; bits < 1024; bits++) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10; i++) {
        text.append((bits >> i & 1) == 0 ? "Aa" : "BB");
      }
      keys.add(bytes(text.toString()));
    }
    assertThat(keys.stream().map(Arrays::hashCode).distinct()).hasSize(1);
    var table = new KeyTable();
    keys.forEach(table::add);
    var random = new Random(1);
    for (int round = 0; round < 3_000; round++) {
      byte[] key = keys.get(random.nextInt(1024));
      int slot = table.find(key);
      if (slot < 0) {
        table.add(key);
      } else {
        assertThat(table.key(slot)).isSameAs(key);
        table.remove(slot);
      }
      assertThat(table.find(key) < 0).isEqualTo(slot >= 0);
    }
  }

  @Test
  void theEmptyKeyAndAnyBytesAreKeys() {
    var table = new KeyTable();
    byte[][] keys = {{}, {0}, {0, 0}, {-1}, {(byte) 0xc3, 0x28}, new byte[4096]};
    for (byte[] key : keys) {
      assertThat(table.find(key)).isEqualTo(-1);
      table.add(key);
    }
    for (int slot = 0; slot < keys.length; slot++) {
      assertThat(table.find(keys[slot].clone())).isEqualTo(slot);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
