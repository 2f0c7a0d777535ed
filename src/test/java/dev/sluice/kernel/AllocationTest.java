package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing is allocated per step. If C2 gives up inlining a vector operation it allocates every
 * vector, and is 3 to 100 times slower: this test notices.
 */
final class AllocationTest {

  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final int STEPS = 1000;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 32})
  void aStepAllocatesNothing(int rows) {
    var layer = TestLayer.random(8, 32, rows);
    Floats memory = TestLayer.memory(rows, 32);
    RowSet set = TestLayer.rows(memory, rows, 32);
    Floats x = Floats.allocate(rows * 16L);
    var scratch = new Scratch(rows, 8, 32);
    Runnable step = () -> Kernel.best().step(layer.panels(), x, 16, set, 0, scratch);
    assertThat(leastBytes(step)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 32})
  void aStepWithInt16WeightsAllocatesNothing(int rows) {
    var layer = TestLayer.random(8, 60, rows).int16();
    Floats memory = TestLayer.memory(rows, 60);
    RowSet set = TestLayer.rows(memory, rows, 60);
    Floats x = Floats.allocate(rows * 16L);
    var scratch = new Scratch(rows, 8, 60);
    Runnable step = () -> Kernel.best().step(layer.panels(), x, 16, set, 0, scratch);
    assertThat(leastBytes(step)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 32})
  void aHeadAllocatesNothing(int rows) {
    var panels = LinearPanels.pack(new float[40 * 32], new float[40], 40, 32);
    Floats memory = TestLayer.memory(rows, 32);
    RowSet set = TestLayer.rows(memory, rows, 32);
    Floats logits = Floats.allocate(rows * 64L);
    var scratch = new Scratch(rows, 32, 1);
    Runnable step =
        () -> {
          Kernel.best().linearWithin(panels, 0, set, logits, scratch);
          Kernel.best().softmax(logits, 0, 40, scratch);
        };
    assertThat(leastBytes(step)).isZero();
  }

  /**
   * Returns the bytes of the best of many rounds: the compiler, on a busy machine, takes a while.
   */
  private static long leastBytes(Runnable step) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && System.nanoTime() < end) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
