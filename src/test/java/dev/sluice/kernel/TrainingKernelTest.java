package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.UnitStrip.Part;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The training kernel in use against its specification, bit for bit, at every width. */
final class TrainingKernelTest {

  private static final TrainingKernel SPECIFICATION = new ScalarTrainingKernel();
  private static final TrainingKernel KERNEL = TrainingKernel.best();
  private static final int WIDTH = 64;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 32, 80})
  void productsHaveTheBitsOfTheSpecification(int rows) {
    for (int depth : new int[] {1, 5, 64}) {
      Floats left = filled(rows * depth, 1);
      Floats panel = filled(depth * WIDTH, 2);
      Floats from = filled(rows * WIDTH, 3);
      for (boolean transposed : new boolean[] {false, true}) {
        Floats expected = multiply(SPECIFICATION, left, panel, from, rows, transposed);
        Floats actual = multiply(KERNEL, left, panel, from, rows, transposed);
        assertThat(all(actual)).as("depth %d", depth).isEqualTo(all(expected));
        checkOne(left, panel, from, actual, rows, transposed);
      }
    }
  }

  private static Floats multiply(
      TrainingKernel kernel, Floats left, Floats panel, Floats from, int rows, boolean transposed) {
    int depth = (int) panel.size() / WIDTH;
    Floats into = Floats.allocate(rows * 80L);
    var product = new Product().size(rows, depth);
    product.left(left, 0, transposed ? 1 : depth, transposed ? rows : 1);
    product.panel(panel, 0, WIDTH).from(from, 0, WIDTH).into(into, 0, 80);
    kernel.multiply(product);
    return into;
  }

  /** Higham, section 3.1: a float sum of n products is within γ(n) of their magnitudes. */
  private static void checkOne(
      Floats left, Floats panel, Floats from, Floats into, int rows, boolean transposed) {
    int depth = (int) panel.size() / WIDTH;
    int row = rows - 1;
    int column = 63;
    double exact = from.get((long) row * WIDTH + column);
    double magnitude = Math.abs(exact);
    for (int k = 0; k < depth; k++) {
      float x = left.get(transposed ? row + (long) k * rows : (long) row * depth + k);
      double term = (double) x * panel.get((long) k * WIDTH + column);
      exact += term;
      magnitude += Math.abs(term);
    }
    double gamma = (depth + 1) * 0x1p-24 / (1 - (depth + 1) * 0x1p-24);
    assertThat((double) into.get(row * 80L + column)).isCloseTo(exact, within(gamma * magnitude));
  }

  @ParameterizedTest
  @EnumSource(names = {"LSTM", "PEEPHOLE", "GRU"})
  void gatesHaveTheBitsOfTheSpecificationThereAndBack(Recurrence recurrence) {
    for (int rows : new int[] {1, 2, 7, 32}) {
      float[] expected = thereAndBack(SPECIFICATION, recurrence, rows);
      assertThat(thereAndBack(KERNEL, recurrence, rows)).isEqualTo(expected);
    }
  }

  private static float[] thereAndBack(TrainingKernel kernel, Recurrence recurrence, int rows) {
    Part[] parts = Part.values();
    var strip = new UnitStrip(rows);
    Floats[] blocks = new Floats[parts.length + 1];
    blocks[parts.length] = filled(CellPanels.PEEPHOLES, 99);
    strip.placePeepholes(filled(CellPanels.PEEPHOLES, 98), blocks[parts.length], 0);
    for (Part part : parts) {
      int step = part == Part.GATES ? WIDTH : part == Part.TANH ? 16 : 48;
      blocks[part.ordinal()] = filled(rows * step, part.ordinal());
      strip.place(part, blocks[part.ordinal()], 0, step);
    }
    kernel.activate(strip, recurrence);
    kernel.differentiate(strip, recurrence);
    kernel.tie(strip);
    float[] result = new float[0];
    for (Floats block : blocks) {
      float[] more = all(block);
      float[] longer = java.util.Arrays.copyOf(result, result.length + more.length);
      System.arraycopy(more, 0, longer, result.length, more.length);
      result = longer;
    }
    return result;
  }

  @Test
  void theOptimiserHasTheBitsOfTheSpecification() {
    var rates = new AdamRates(0.5f, 0.9f, 0.999f, 0.01f, 3f, 1e-8f, 1e-3f);
    Floats[] expected = moments();
    Floats[] actual = moments();
    SPECIFICATION.adam(expected[0], expected[1], expected[2], expected[3], rates);
    KERNEL.adam(actual[0], actual[1], actual[2], actual[3], rates);
    for (int i = 0; i < 4; i++) {
      assertThat(all(actual[i])).isEqualTo(all(expected[i]));
    }
    assertThat(all(actual[1])).containsOnly(0f);
  }

  private static Floats[] moments() {
    Floats squares = filled(96, 4);
    for (int i = 0; i < 96; i++) {
      squares.set(i, Math.abs(squares.get(i)));
    }
    return new Floats[] {filled(96, 1), filled(96, 2), filled(96, 3), squares};
  }

  @Test
  void sumsHaveTheBitsOfTheSpecification() {
    Floats values = filled(4096, 1);
    assertThat(KERNEL.sumOfSquares(values)).isEqualTo(SPECIFICATION.sumOfSquares(values));
    double exact = 0;
    for (float value : all(values)) {
      exact += (double) value * value;
    }
    // Sixteen chains of 256 roundings each.
    assertThat(KERNEL.sumOfSquares(values)).isCloseTo(exact, within(256 * 0x1p-24 * exact));

    Floats expected = filled(4096, 2);
    Floats actual = filled(4096, 2);
    SPECIFICATION.add(values, expected);
    KERNEL.add(values, actual);
    assertThat(all(actual)).isEqualTo(all(expected));
  }

  @Test
  void transposingPutsRowsInThePlaceOfColumns() {
    Floats from = filled(5 * WIDTH, 1);
    Floats into = Floats.allocate(WIDTH * WIDTH);
    KERNEL.transpose(from, 0, 5, into, 0);
    for (int j = 0; j < WIDTH; j++) {
      for (int r = 0; r < WIDTH; r++) {
        float expected = r < 5 ? from.get(r * WIDTH + j) : 0;
        assertThat(into.get((long) j * WIDTH + r)).isEqualTo(expected);
      }
    }
  }

  @Test
  void operandsOutsideTheirBlocksAreRefused() {
    var product = new Product().size(3, 5);
    Floats small = Floats.allocate(14);
    assertThatThrownBy(() -> product.left(small, 0, 5, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> product.into(Floats.allocate(1000), 0, 16))
        .hasMessage("Results 16 floats apart would overlap. Give a step of at least 64");
    assertThatThrownBy(() -> KERNEL.multiply(product))
        .hasMessage("Product with an operand missing. Set all four");
    assertThatThrownBy(() -> KERNEL.activate(new UnitStrip(1), Recurrence.LSTM))
        .hasMessage("GATES is not placed. Place it first");
    assertThatThrownBy(() -> KERNEL.activate(placed(), Recurrence.PROJECTED))
        .hasMessage("PROJECTED cannot be trained. Give LSTM, PEEPHOLE or GRU");
    assertThatThrownBy(() -> new UnitStrip(2).place(Part.GATES, Floats.allocate(200), 0, 80))
        .hasMessage("GATES at a step of 80 floats. Give 64");
  }

  private static UnitStrip placed() {
    var strip = new UnitStrip(1);
    for (Part part : Part.values()) {
      strip.place(part, Floats.allocate(WIDTH), 0, part == Part.GATES ? WIDTH : 16);
    }
    return strip;
  }

  private static Floats filled(int count, long seed) {
    return Floats.of(TestLayer.uniform(new Random(seed), count, 2));
  }

  private static float[] all(Floats block) {
    return block.toArray(0, (int) block.size());
  }
}
