package dev.sluice.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.state.Encoding;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudget;
import dev.sluice.state.MemoryBudgetException;
import dev.sluice.state.RowCodec;
import dev.sluice.state.RowLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RestoreTest {

  private static byte[] key(int number) {
    return ("k" + number).getBytes(UTF_8);
  }

  @Test
  void moreRowsThanThereIsRoomForAreCountedAndRefusedInTheEnd() {
    var one = new Memories();
    one.reset(one.claim(key(0)), new RowLayout(List.of(64), 17));
    byte[] row = RowCodec.write(one, 0);
    MemoryBudget budget = MemoryBudget.of(4 << 20);
    var memories = new Memories(Encoding.FLOAT32, budget);
    var restore = new Restore(memories, null, new RowOffsets(), "test");
    for (int i = 0; i < 30_000; i++) {
      restore.row(key(i), row);
      restore.row(key(i / 2), row);
    }
    for (int i = 0; i < 10_000; i++) {
      restore.row(key(i), null);
    }
    assertThat(memories.size()).isZero();
    // 20,000 keys of 512 bytes of floats, 136 of statistics, and about 120 besides.
    assertThatThrownBy(restore::admit)
        .isInstanceOf(MemoryBudgetException.class)
        .hasMessageMatching(
            "The memories of 20000 keys need 1[45] MB, state.memory allows 4 MB\\. .*");
    memories.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whatFitsIsAdmitted() {
    var one = new Memories();
    one.reset(one.claim(key(0)), new RowLayout(List.of(64), 17));
    byte[] row = RowCodec.write(one, 0);
    var memories = new Memories(Encoding.FLOAT32, MemoryBudget.of(4 << 20));
    var restore = new Restore(memories, null, new RowOffsets(), "test");
    for (int i = 0; i < 1_000; i++) {
      restore.row(key(i), row);
    }
    restore.row(key(1), null);
    restore.admit();
    assertThat(memories.size()).isEqualTo(999);
    assertThat(memories.find(key(1))).isNegative();
  }

  @Test
  void rowsWithAndWithoutAnOffsetAreRead() {
    var one = new Memories();
    one.reset(one.claim(key(0)), new RowLayout(List.of(64), 17));
    byte[] row = RowCodec.write(one, 0);
    var memories = new Memories();
    var offsets = new RowOffsets();
    var restore = new Restore(memories, null, offsets, "test");
    restore.row(key(0), row);
    restore.row(key(1), DatedRow.write(row, 40));
    restore.row(key(2), DatedRow.write(row, 50));
    restore.row(key(2), null);
    restore.row(key(3), row);
    int first = memories.find(key(0));
    int second = memories.find(key(1));
    int fourth = memories.find(key(3)); // In the slot of the one that was removed.

    assertThat(RowCodec.write(memories, second)).isEqualTo(row);
    assertThat(offsets.isIncluded(second, 39)).isTrue();
    assertThat(offsets.isIncluded(second, 40)).isFalse();
    assertThat(offsets.isIncluded(first, 0)).isFalse();
    assertThat(offsets.isIncluded(fourth, 0)).isFalse();
    assertThat(memories.size()).isEqualTo(3);
  }

  @Test
  void theLatestSpanCountsUntilItsTombstone() {
    var memories = new Memories();
    var offsets = new RowOffsets();
    var restore = new Restore(memories, null, offsets, "test");
    assertThat(offsets.span()).isNull();
    var span = new Span(3, 9, 6, List.of(new Span.Stretch(3, 1, 77)));
    restore.row(Span.key(), new Span(1, 2, 1, span.stretches()).toBytes());
    restore.row(Span.key(), span.toBytes());
    assertThat(offsets.span()).isEqualTo(span);
    assertThat(memories.size()).isZero();
    restore.row(Span.key(), null);
    assertThat(offsets.span()).isNull();
  }
}
