package dev.sluice.state;

import static dev.sluice.state.RowCodecTest.GOLDEN;
import static dev.sluice.state.RowCodecTest.KEY;
import static dev.sluice.state.RowCodecTest.WHERE;
import static dev.sluice.state.RowCodecTest.assertUnreadable;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows with strips, as bytes. */
final class StripTest {

  /** The same with two strips; the first has three floats, the second two doubles. */
  private static final RowLayout WITH_STRIPS =
      new RowLayout(
          List.of(1, 2),
          1,
          List.of(new Strip(2, 0x0123456789abcdefL, 3, 0), new Strip(1, -1, 0, 2)));

  private static final String GOLDEN_STRIPS =
      "03"
          + GOLDEN.substring(2, 16)
          + "b75406b7710752bf" // hash of the layout: over 1, 2, 1, then the numbers of the strips
          + GOLDEN.substring(32, 56)
          + "02000000" // strips
          + GOLDEN.substring(64, 112)
          + "02000000"
          + "03000000"
          + "00000000"
          + "00000000"
          + "efcdab8967452301" // kind 2, three floats
          + "01000000"
          + "00000000"
          + "02000000"
          + "00000000"
          + "ffffffffffffffff" // kind 1, two doubles
          + GOLDEN.substring(112)
          + "0000c040"
          + "0000e040"
          + "00000041" // 6, 7, 8
          + "0000000000002240"
          + "0000000000002440"; // 9, 10

  @Test
  void stripsAreLaidOutAsDocumented() {
    Memories memories = goldenStrips(Encoding.FLOAT32);
    byte[] bytes = HexFormat.of().parseHex(GOLDEN_STRIPS);
    assertThat(RowCodec.write(memories, 0)).isEqualTo(bytes);
    assertThat(RowCodec.lastTime(bytes)).isEqualTo(123_456_789);
    var copy = new Memories();
    RowCodec.read(KEY, bytes, WHERE, copy);
    assertThat(copy.layout(0)).isEqualTo(WITH_STRIPS);
    assertThat(copy.page(0).get(64 + 2)).isEqualTo(8);
    assertThat(copy.stats(0)[copy.statsAt(0) + 2]).isEqualTo(10);
    assertThat(RowCodec.write(copy, 0)).isEqualTo(bytes);
  }

  private static Memories goldenStrips(Encoding encoding) {
    Memories memories = RowCodecTest.golden(encoding, WITH_STRIPS);
    for (int i = 0; i < 3; i++) {
      memories.page(0).set(64 + i, 6 + i);
    }
    memories.page(0).set(64 + 3, 99); // Padding.
    double[] stats = memories.stats(0);
    stats[memories.statsAt(0) + 1] = 9;
    stats[memories.statsAt(0) + 2] = 10;
    return memories;
  }

  @Test
  void halvesLeaveTheFloatsOfStripsWhole() {
    Memories memories = goldenStrips(Encoding.FLOAT16);
    memories.page(0).set(64, 0.1f);
    byte[] bytes = RowCodec.write(memories, 0);
    assertThat(bytes).hasSize(GOLDEN_STRIPS.length() / 2 - 12);
    var copy = new Memories(Encoding.FLOAT16, MemoryBudget.unlimited());
    RowCodec.read(KEY, bytes, WHERE, copy);
    assertThat(copy.page(0).get(64)).isEqualTo(0.1f);
    assertThat(RowCodec.write(copy, 0)).isEqualTo(bytes);
    // Also where what was written as floats is rounded as it is read.
    RowCodec.read(KEY, RowCodec.write(goldenStrips(Encoding.FLOAT32), 0), WHERE, copy);
    assertThat(copy.page(0).get(64 + 2)).isEqualTo(8);
  }

  @Test
  void stripsThatCannotBeAreRefused() {
    byte[] whole = HexFormat.of().parseHex(GOLDEN_STRIPS);
    for (int length = 0; length < whole.length; length++) {
      assertUnreadable(Arrays.copyOf(whole, length), "");
    }
    assertUnreadable(strips(28, 9), "9 strips do not fit in 164 bytes");
    assertUnreadable(strips(31, 0x80), "-2147483646 strips do not fit in 164 bytes");
    assertUnreadable(strips(56, 0), "a strip of kind 0, from 1");
    assertUnreadable(strips(56, 1), "two strips of kind 1");
    assertUnreadable(strips(63, 0x7f), "2130706435 floats in a strip, from 0 to 1048576");
    assertUnreadable(strips(91, 0xff), "-16777214 doubles in a strip, from 0 to 65535");
    assertUnreadable(
        strips(60, 4), "a row of RowLayout[hidden=[1, 2], stats=1, strips=[Strip[kind=2,");
    assertUnreadable(
        strips(72, 0), "its layout reads as RowLayout[hidden=[1, 2], stats=1, strips=[Strip[kind");
  }

  private static byte[] strips(int at, int value) {
    byte[] bytes = HexFormat.of().parseHex(GOLDEN_STRIPS);
    bytes[at] = (byte) value;
    return bytes;
  }
}
