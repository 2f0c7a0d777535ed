package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rounding to binary16 against the conversions of the JDK, in the kernel in use and in plain. */
final class HalvesTest {

  private static final int COUNT = 1 << 12;

  @Test
  void everyBinary16StaysWhatItIs() {
    for (int from = 0; from < 1 << 16; from += COUNT) {
      Floats values = Floats.allocate(COUNT);
      for (int i = 0; i < COUNT; i++) {
        values.set(i, Float.float16ToFloat((short) (from + i)));
      }
      check(values);
    }
  }

  @Test
  void anyFloatBecomesTheNearestBinary16() {
    var random = new Random(1);
    for (int round = 0; round < 200; round++) {
      Floats values = Floats.allocate(COUNT);
      for (int i = 0; i < COUNT; i++) {
        int bits = random.nextInt();
        // Half of them in the range of memories, where ties and subnormal halves are.
        boolean small = random.nextBoolean();
        int exponent = 127 - 26 + random.nextInt(44);
        int tie = random.nextInt(4) == 0 ? bits & 0x807f_f000 | 0x1000 : bits;
        values.set(i, Float.intBitsToFloat(small ? tie & 0x807f_ffff | exponent << 23 : bits));
      }
      check(values);
    }
  }

  @Test
  void theEndsSaturateAndNanStays() {
    Floats values =
        Floats.of(
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            65_504,
            65_519,
            65_520,
            -1e30f,
            Float.NaN,
            Float.intBitsToFloat(0xffff_ffff),
            0f,
            -0f,
            Float.MIN_VALUE,
            0x1p-25f,
            0x1.002p-25f,
            0x1.ffep-15f,
            0x1.fffp-15f,
            -0x1p-24f);
    check(values);
  }

  private static void check(Floats values) {
    int count = (int) values.size();
    float[] before = values.toArray(0, count);
    Floats plain = Floats.of(before);
    plain.roundToHalves(0, count);
    var rows = new RowSet(1);
    rows.add(values, 0, count);
    Kernel.best().roundToHalves(rows);
    for (int i = 0; i < count; i++) {
      int expected = Float.floatToRawIntBits(expected(before[i]));
      assertThat(Float.floatToRawIntBits(values.get(i))).as("%a", before[i]).isEqualTo(expected);
      assertThat(Float.floatToRawIntBits(plain.get(i))).as("%a", before[i]).isEqualTo(expected);
    }
  }

  private static float expected(float value) {
    if (Float.isNaN(value)) {
      return Float.NaN;
    }
    float within = Math.max(-65_504, Math.min(65_504, value));
    return Float.float16ToFloat(Float.floatToFloat16(within));
  }
}
