package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes that outlive the process. The checksum was computed by another program. */
final class SpanTest {

  private static final Span SPAN =
      new Span(5, 1_000, 700, List.of(new Span.Stretch(4, 1, -1), new Span.Stretch(300, 2, 9)));
  private static final String GOLDEN =
      "01 00 0200"
          + " 0500000000000000 e803000000000000 bc02000000000000"
          + " 0400000000000000 0100000000000000 ffffffffffffffff"
          + " 2c01000000000000 0200000000000000 0900000000000000"
          + " 7ba51bcd";

  private static byte[] golden() {
    return HexFormat.of().parseHex(GOLDEN.replace(" ", ""));
  }

  @Test
  void theBytesAreThoseOfTheTable() {
    assertThat(SPAN.toBytes()).isEqualTo(golden());
    assertThat(Span.parse(golden(), "it")).isEqualTo(SPAN);
  }

  @Test
  void everyTruncationAndEveryFlippedBitIsRefused() {
    byte[] whole = golden();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Span.parse(cut, "it"))
          .isInstanceOf(UnfitStateException.class)
          .hasMessageStartingWith("it: what says which events are to be recomputed is damaged");
    }
    for (int bit = 8; bit < 8 * whole.length; bit++) {
      byte[] flipped = golden();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> Span.parse(flipped, "it")).isInstanceOf(UnfitStateException.class);
    }
  }

  @Test
  void aNewerVersionIsNamed() {
    byte[] newer = golden();
    newer[0] = 2;
    assertThatThrownBy(() -> Span.parse(newer, "it"))
        .hasMessageContaining("is of format version 2, this release reads 1. Run the release that");
  }

  @Test
  void aRowSaysHowFarItGoes() {
    byte[] row = {2, 7, 7};
    byte[] dated = DatedRow.write(row, 258);
    assertThat(dated).isEqualTo(new byte[] {64, 2, 1, 0, 0, 0, 0, 0, 0, 2, 7, 7});
    assertThat(DatedRow.row(dated)).isEqualTo(row);
    assertThat(DatedRow.nextOffset(dated)).isEqualTo(258);
    assertThat(DatedRow.row(row)).isSameAs(row);
    assertThat(DatedRow.nextOffset(row)).isZero();
  }
}
