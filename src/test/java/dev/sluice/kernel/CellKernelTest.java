package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of cell against its specification, bit for bit, as {@link KernelTest} for the LSTM.
 */
final class CellKernelTest {

  private static final Kernel SPECIFICATION = new ScalarKernel();
  private static final Kernel KERNEL = Kernel.best();
  private static final int[] HIDDEN = {1, 16, 17, 33, 64, 100};
  private static final int[] ROWS = {1, 2, 5, 6, 7, 12, 36, 37, 100};
  private static final int STEPS = 4;

  @ParameterizedTest
  @EnumSource
  void stepsHaveTheBitsOfTheSpecification(Recurrence recurrence) {
    for (int hidden : HIDDEN) {
      for (int inputs : new int[] {1, 5, 33}) {
        CellPanels cell = random(recurrence, inputs, hidden, hidden * 100L + inputs);
        for (int rows : ROWS) {
          int[] expected = run(SPECIFICATION, cell, rows, rows);
          assertThat(run(KERNEL, cell, rows, rows))
              .as("%d units, %d inputs, %d rows", hidden, inputs, rows)
              .isEqualTo(expected);
          CellPanels rounded = cell.toInt16();
          assertThat(run(KERNEL, rounded, rows, rows))
              .isEqualTo(run(SPECIFICATION, rounded, rows, rows));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSizeOfAWaveDoesNotChangeABit(Recurrence recurrence) {
    CellPanels cell = random(recurrence, 5, 40, 3);
    int[] together = run(KERNEL, cell, 100, 100);
    for (int wave : new int[] {1, 2, 7, 37, 99}) {
      assertThat(run(KERNEL, cell, 100, wave)).as("waves of %d", wave).isEqualTo(together);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PEEPHOLE,1154288713",
    "GRU,299379115",
    "GRU_BEFORE,3550016596",
    "PROJECTED,1801209774",
    "NORMALISED,1000831882"
  })
  void everyWidthComesToTheSameChecksum(Recurrence recurrence, long golden) {
    // The value itself means nothing; it was taken from the specification.
    assertThat(checksum(SPECIFICATION, recurrence)).isEqualTo(golden);
    assertThat(checksum(KERNEL, recurrence)).isEqualTo(golden);
  }

  @ParameterizedTest
  @EnumSource
  void upperLayersReadTheirInputsFromTheRow(Recurrence recurrence) {
    CellPanels cell = random(recurrence, 20, 24, 9);
    int at = Floats.pad(24) * 2;
    int length = at + Floats.pad(20);
    for (int rows : ROWS) {
      var scratch = new Scratch(rows, 20, 24, 24);
      Floats expected = filled(rows, cell, at, length);
      Floats actual = filled(rows, cell, at, length);
      SPECIFICATION.stepWithin(cell, at, rowsOf(expected, rows, length), 0, scratch);
      KERNEL.stepWithin(cell, at, rowsOf(actual, rows, length), 0, scratch);
      assertThat(bits(actual)).as("%d rows", rows).isEqualTo(bits(expected));
    }
  }

  @ParameterizedTest
  @EnumSource
  void hugeInputsSaturateInsteadOfOverflowing(Recurrence recurrence) {
    CellPanels cell = random(recurrence, 3, 20, 5);
    int length = cell.memoryFloats();
    Floats memory = Floats.allocate(2L * length);
    Floats x = Floats.allocate(32);
    x.fill(0, 16, 1e15f);
    x.fill(16, 16, -1e15f);
    for (int step = 0; step < 50; step++) {
      KERNEL.step(cell, x, 16, rowsOf(memory, 2, length), 0, new Scratch(2, 3, 20, 20));
    }
    assertThat(KERNEL.allFinite(memory, 0, (int) memory.size())).isTrue();
  }

  @Test
  void scratchForPlainCellsIsRefused() {
    CellPanels cell = random(Recurrence.GRU, 3, 20, 5);
    Floats memory = Floats.allocate(32);
    assertThatThrownBy(
            () ->
                KERNEL.step(
                    cell,
                    Floats.of(new float[16]),
                    16,
                    rowsOf(memory, 1, 32),
                    0,
                    new Scratch(1, 3, 20)))
        .hasMessage(
            "Scratch for cells of 0 units, this layer has 20. Make scratch for the largest layer");
  }

  /** Returns random weights, shaped as the kind of cell wants them. */
  static CellPanels random(Recurrence recurrence, int inputs, int hidden, long seed) {
    var random = new Random(seed);
    double range = 1 / Math.sqrt(hidden);
    int outputs = recurrence == Recurrence.PROJECTED ? Math.max(1, hidden * 2 / 3) : hidden;
    float[] ofInputs = TestLayer.uniform(random, 4 * hidden * inputs, range);
    float[] ofHidden = TestLayer.uniform(random, 4 * hidden * outputs, range);
    float[] bias = TestLayer.uniform(random, 4 * hidden, range);
    var gates = new CellPanels.Gates(ofInputs, ofHidden, bias, hidden);
    return switch (recurrence) {
      case LSTM -> CellPanels.lstm(GatePanels.pack(ofInputs, ofHidden, bias, inputs, hidden));
      case PEEPHOLE -> CellPanels.peephole(gates, TestLayer.uniform(random, 3 * hidden, 1));
      case GRU -> CellPanels.gru(gates);
      case GRU_BEFORE ->
          CellPanels.gruBefore(gates, TestLayer.uniform(random, hidden * hidden, range));
      case PROJECTED ->
          CellPanels.projected(gates, TestLayer.uniform(random, outputs * hidden, range));
      case NORMALISED ->
          CellPanels.normalised(
              gates,
              TestLayer.uniform(random, 4 * hidden, 1),
              TestLayer.uniform(random, 4 * hidden, 1),
              TestLayer.uniform(random, hidden, 1),
              TestLayer.uniform(random, hidden, 1));
    };
  }

  private static int[] run(Kernel kernel, CellPanels cell, int rows, int wave) {
    int length = cell.memoryFloats();
    Floats memory = Floats.allocate((long) rows * length);
    var set = new RowSet(wave);
    var scratch = new Scratch(wave, cell.inputs(), cell.hidden(), cell.hidden());
    int stride = Floats.pad(cell.inputs());
    var random = new Random(cell.hidden() + 1000L * cell.inputs());
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
        kernel.step(cell, block, stride, set, 0, scratch);
      }
    }
    return bits(memory);
  }

  private static long checksum(Kernel kernel, Recurrence recurrence) {
    var crc = new CRC32();
    for (int hidden : new int[] {1, 17, 64, 100}) {
      for (int bits : run(kernel, random(recurrence, 5, hidden, hidden), 33, 33)) {
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
          crc.update(bits >>> shift);
        }
      }
    }
    return crc.getValue();
  }

  /** Returns rows whose memory and inputs are random and whose padding is 0. */
  private static Floats filled(int rows, CellPanels cell, int inputsAt, int length) {
    Floats block = Floats.allocate((long) rows * length);
    var random = new Random(4);
    for (int r = 0; r < rows; r++) {
      long row = (long) r * length;
      for (int i = 0; i < cell.outputs(); i++) {
        block.set(row + i, random.nextFloat());
      }
      for (int i = 0; i < cell.inputs(); i++) {
        block.set(row + inputsAt + i, random.nextFloat());
      }
    }
    return block;
  }

  private static RowSet rowsOf(Floats block, int rows, int length) {
    var set = new RowSet(rows);
    for (int r = 0; r < rows; r++) {
      set.add(block, (long) r * length, length);
    }
    return set;
  }

  private static int[] bits(Floats block) {
    float[] values = block.toArray(0, (int) block.size());
    int[] bits = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }
}
