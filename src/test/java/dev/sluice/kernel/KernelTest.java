package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The kernel in use against its specification, bit for bit. The build runs this class once per
 * vector width ({@code -Dsluice.kernel.bits}); the golden checksum compares the widths with each
 * other.
 */
final class KernelTest {

  private static final Kernel SPECIFICATION = new ScalarKernel();
  private static final Kernel KERNEL = Kernel.best();
  private static final int[] INPUTS = {1, 2, 5, 16, 33};
  private static final int[] ROWS = {1, 2, 3, 5, 6, 7, 12, 31, 32, 33, 64, 100};
  private static final int STEPS = 4;
  private static final long GOLDEN = 3_011_619_702L;
  private static final long INT16_GOLDEN = 1_675_438_177L;
  private static final double UNIT_ROUNDOFF = 0x1p-24;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 16, 17, 32, 33, 64, 100, 128})
  void stepsHaveTheBitsOfTheSpecification(int hidden) {
    for (int inputs : INPUTS) {
      var layer = TestLayer.random(inputs, hidden, hidden * 100L + inputs);
      for (int rows : ROWS) {
        for (TestLayer one : List.of(layer, layer.int16())) {
          float[] expected = run(SPECIFICATION, one, rows, rows);
          float[] actual = run(KERNEL, one, rows, rows);
          assertThat(bits(actual)).as("%d inputs, %d rows", inputs, rows).isEqualTo(bits(expected));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 7, 36, 37, 73, 99})
  void theSizeOfAWaveDoesNotChangeABit(int wave) {
    var layer = TestLayer.random(5, 40, wave);
    float[] together = run(KERNEL, layer, 100, 100);
    float[] inWaves = run(KERNEL, layer, 100, wave);
    assertThat(bits(inWaves)).isEqualTo(bits(together));

    float[] int16Together = run(KERNEL, layer.int16(), 100, 100);
    float[] int16InWaves = run(KERNEL, layer.int16(), 100, wave);
    assertThat(bits(int16InWaves)).isEqualTo(bits(int16Together)).isNotEqualTo(bits(together));
  }

  @Test
  void everyWidthComesToTheSameChecksum() {
    // The value itself means nothing; it was taken from the specification.
    assertThat(checksum(SPECIFICATION, layer -> layer)).isEqualTo(GOLDEN);
    assertThat(checksum(KERNEL, layer -> layer)).isEqualTo(GOLDEN);
    assertThat(checksum(SPECIFICATION, TestLayer::int16)).isEqualTo(INT16_GOLDEN);
    assertThat(checksum(KERNEL, TestLayer::int16)).isEqualTo(INT16_GOLDEN);
  }

  @Test
  void upperLayersReadTheirInputsFromTheRow() {
    var floats = TestLayer.random(20, 24, 9);
    int at = 2 * Floats.pad(24);
    int length = at + Floats.pad(20);
    for (int rows : ROWS) {
      for (TestLayer layer : List.of(floats, floats.int16())) {
        Floats expected = filled(rows * length, 3);
        Floats actual = filled(rows * length, 3);
        SPECIFICATION.stepWithin(
            layer.panels(), at, rowsOf(expected, rows, length), 0, new Scratch(rows, 20, 24));
        KERNEL.stepWithin(
            layer.panels(), at, rowsOf(actual, rows, length), 0, new Scratch(rows, 20, 24));
        assertThat(bits(all(actual))).as("%d rows", rows).isEqualTo(bits(all(expected)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 40, 64, 65, 200})
  void linearLayersHaveTheBitsOfTheSpecificationAndAreWithinItsBound(int outputs) {
    var random = new Random(outputs);
    int inputs = 37;
    float[] weights = TestLayer.uniform(random, outputs * inputs, 1);
    float[] bias = TestLayer.uniform(random, outputs, 1);
    var panels = LinearPanels.pack(weights, bias, outputs, inputs);
    for (int rows : ROWS) {
      int stride = Floats.pad(inputs);
      Floats x = filled(rows * stride, rows);
      Floats expected = Floats.allocate((long) rows * panels.paddedOutputs());
      Floats actual = Floats.allocate((long) rows * panels.paddedOutputs());
      Floats within = Floats.allocate((long) rows * panels.paddedOutputs());
      var scratch = new Scratch(rows, inputs, 1);
      SPECIFICATION.linear(panels, x, stride, rows, expected, scratch);
      KERNEL.linear(panels, x, stride, rows, actual, scratch);
      KERNEL.linearWithin(panels, 0, rowsOf(x, rows, stride), within, scratch);

      assertThat(bits(all(actual))).isEqualTo(bits(all(expected)));
      assertThat(bits(all(within))).isEqualTo(bits(all(expected)));
      for (int r = 0; r < rows; r++) {
        checkLinear(x, r * stride, weights, bias, actual, r * panels.paddedOutputs());
      }
    }
  }

  /** Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1. */
  private static void checkLinear(
      Floats x, int at, float[] weights, float[] bias, Floats outputs, int outAt) {
    int inputs = weights.length / bias.length;
    for (int o = 0; o < bias.length; o++) {
      double exact = bias[o];
      double magnitude = Math.abs(bias[o]);
      for (int k = 0; k < inputs; k++) {
        double product = (double) weights[o * inputs + k] * x.get(at + k);
        exact += product;
        magnitude += Math.abs(product);
      }
      double gamma = (inputs + 1) * UNIT_ROUNDOFF / (1 - (inputs + 1) * UNIT_ROUNDOFF);
      assertThat((double) outputs.get(outAt + o)).isCloseTo(exact, within(gamma * magnitude));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 40, 64, 1000})
  void softmaxHasTheBitsOfTheSpecificationAndSumsToOne(int count) {
    Floats expected = filled(16 + Floats.pad(count), count);
    Floats actual = filled(16 + Floats.pad(count), count);
    double exact = logSumExp(expected, count);
    var scratch = new Scratch(1, 1, 1);

    double specified = SPECIFICATION.softmax(expected, 16, count, scratch);
    double result = KERNEL.softmax(actual, 16, count, scratch);

    assertThat(result).isEqualTo(specified);
    assertThat(bits(all(actual))).isEqualTo(bits(all(expected)));
    // Each exponential is off by its argument's rounding and the polynomial's, each sum by count u.
    assertThat(result).isCloseTo(exact, within(8e-7 + count * UNIT_ROUNDOFF));
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += actual.get(16 + i);
    }
    assertThat(sum).isCloseTo(1, within((count + 1) * UNIT_ROUNDOFF));
  }

  @Test
  void aLogitThatIsNotANumberShowsInTheResultOfSoftmax() {
    Floats logits = filled(32, 1);
    logits.set(20, Float.NaN);
    assertThat(KERNEL.softmax(logits, 0, 32, new Scratch(1, 1, 1))).isNaN();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void oneFloatThatIsNotFiniteIsFoundWhereverItIs(float bad) {
    for (int count = 1; count < 50; count++) {
      Floats values = filled(count, count);
      assertThat(KERNEL.allFinite(values, 0, count)).isTrue();
      for (int i = 0; i < count; i++) {
        float good = values.get(i);
        values.set(i, bad);
        assertThat(KERNEL.allFinite(values, 0, count)).as("at %d of %d", i, count).isFalse();
        values.set(i, good);
      }
    }
  }

  @Test
  void withZeroWeightsOnlyTheBiasesSpeak() {
    // Gates i, f, g, o see 0, ln 3, ln 2, 0: sigmoid is 1/2, 3/4, tanh 3/5, sigmoid 1/2.
    float[] bias = {0, (float) Math.log(3), (float) Math.log(2), 0};
    var panels = GatePanels.pack(new float[4], new float[4], bias, 1, 1);
    Floats memory = TestLayer.memory(1, 1);
    RowSet rows = TestLayer.rows(memory, 1, 1);
    Floats x = Floats.allocate(16);
    x.set(0, 123);

    KERNEL.step(panels, x, 16, rows, 0, new Scratch(1, 1, 1));
    assertThat(memory.get(16)).isCloseTo(0.3f, within(2e-7f)); // 1/2 · 3/5
    assertThat(memory.get(0)).isCloseTo((float) (Math.tanh(0.3) / 2), within(2e-7f));

    KERNEL.step(panels, x, 16, rows, 0, new Scratch(1, 1, 1));
    assertThat(memory.get(16)).isCloseTo(0.525f, within(2e-7f)); // 3/4 · 0.3 + 0.3
  }

  @Test
  void paddingStaysZeroAndFadedMemoryBecomesZero() {
    float[] bias = {0, -50, 0, 0}; // Forgets: sigmoid(-50) is clamped to 2^-40.
    var panels = GatePanels.pack(new float[4], new float[4], bias, 1, 1);
    Floats memory = TestLayer.memory(1, 1);
    RowSet rows = TestLayer.rows(memory, 1, 1);
    memory.set(16, 1);
    for (int step = 0; step < 3; step++) {
      KERNEL.step(panels, Floats.allocate(16), 16, rows, 0, new Scratch(1, 1, 1));
    }
    assertThat(all(memory)).containsOnly(0f);
  }

  @Test
  void hugeInputsSaturateInsteadOfOverflowing() {
    var layer = TestLayer.random(3, 20, 5);
    Floats memory = TestLayer.memory(2, 20);
    RowSet rows = TestLayer.rows(memory, 2, 20);
    Floats x = Floats.allocate(32);
    x.fill(0, 16, 1e30f);
    x.fill(16, 16, -1e30f);
    for (int step = 0; step < 100; step++) {
      var weights = step % 2 == 0 ? layer.panels() : layer.int16().panels();
      KERNEL.step(weights, x, 16, rows, 0, new Scratch(2, 3, 20));
    }
    assertThat(KERNEL.allFinite(memory, 0, (int) memory.size())).isTrue();
  }

  @Test
  void wrongSizesAreRefusedAtTheDoor() {
    var layer = TestLayer.random(20, 24, 1);
    Floats memory = TestLayer.memory(2, 24);
    RowSet rows = TestLayer.rows(memory, 2, 24);
    var scratch = new Scratch(2, 20, 24);
    assertThatThrownBy(() -> KERNEL.step(layer.panels(), filled(64, 1), 16, rows, 0, scratch))
        .hasMessage(
            "Rows of 20 floats at a stride of 16. Give a stride of 32 or a larger multiple of 16");
    assertThatThrownBy(() -> KERNEL.step(layer.panels(), filled(63, 1), 32, rows, 0, scratch))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> KERNEL.step(layer.panels(), filled(64, 1), 32, rows, 16, scratch))
        .hasMessage("64 floats at 16 do not fit rows of 64. Give rows made for this layer");
    assertThatThrownBy(
            () -> KERNEL.step(layer.panels(), filled(64, 1), 32, rows, 0, new Scratch(2, 1, 1)))
        .hasMessageContaining("Make scratch for the largest layer");
    assertThatThrownBy(() -> rows.add(memory, 0, 64)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** Steps {@code rows} rows a few times, at most {@code wave} rows a call, from a fixed start. */
  private static float[] run(Kernel kernel, TestLayer layer, int rows, int wave) {
    int length = 2 * Floats.pad(layer.hidden());
    Floats memory = Floats.allocate((long) rows * length);
    var set = new RowSet(wave);
    var scratch = new Scratch(wave, layer.inputs(), layer.hidden());
    int stride = Floats.pad(layer.inputs());
    var random = new Random(layer.hidden() + 1000L * layer.inputs());
    for (int step = 0; step < STEPS; step++) {
      float[] x = TestLayer.uniform(random, rows * stride, 2);
      for (int first = 0; first < rows; first += wave) {
        set.clear();
        int count = Math.min(wave, rows - first);
        Floats block = Floats.allocate((long) count * stride);
        block.write(0, x, first * stride, count * stride);
        for (int r = first; r < first + count; r++) {
          set.add(memory, (long) r * length, length);
        }
        kernel.step(layer.panels(), block, stride, set, 0, scratch);
      }
    }
    return all(memory);
  }

  private static long checksum(Kernel kernel, UnaryOperator<TestLayer> form) {
    var crc = new CRC32();
    for (int hidden : new int[] {1, 17, 64, 100}) {
      TestLayer layer = form.apply(TestLayer.random(5, hidden, hidden));
      for (int bits : bits(run(kernel, layer, 33, 33))) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
          crc.update(bits >>> shift);
        }
      }
    }
    return crc.getValue();
  }

  private static double logSumExp(Floats logits, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += StrictMath.exp(logits.get(16 + i));
    }
    return StrictMath.log(sum);
  }

  private static RowSet rowsOf(Floats block, int rows, int length) {
    var set = new RowSet(rows);
    for (int r = 0; r < rows; r++) {
      set.add(block, (long) r * length, length);
    }
    return set;
  }

  private static Floats filled(int count, long seed) {
    return Floats.of(TestLayer.uniform(new Random(seed), count, 2));
  }

  private static float[] all(Floats block) {
    return block.toArray(0, (int) block.size());
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
