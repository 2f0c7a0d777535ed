package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A warm stack allocates nothing per event, alone or in a wave. */
final class StackAllocationTest {

  private static final long PATIENCE_NANOS = 20_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 32})
  void aStepAllocatesNothing(int rows) {
    CellStack stack = RandomLayers.stack(8, 40, 2, 1);
    stack.warmUp(Duration.ofMillis(500));
    var player = new CellStackTest.Player(stack, rows);
    float[] x = new float[rows * 8];
    requireNoGarbage(player, x);
  }

  private static void requireNoGarbage(CellStackTest.Player player, float[] x) {
    requireNoGarbage(() -> player.step(x));
  }

  private static void requireNoGarbage(Runnable work) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long end = System.nanoTime() + PATIENCE_NANOS;
    long least = Long.MAX_VALUE;
    while (least > 0 && System.nanoTime() < end) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        work.run();
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void sequencesAllocateNothing(int count) {
    SequenceStack stack = SequenceTest.stack(Cell.LSTM);
    SequencePass pass = stack.pass(count, 6 * count);
    Pooling pooling = SequenceTest.poolings().findFirst().orElseThrow();
    var pool = new Pool(pooling, pass, stack.forwardOutputs());
    requireNoGarbage(
        () -> {
          pass.clear();
          for (int s = 0; s < count; s++) {
            pass.add(3 + s % 4);
          }
          pass.run();
          pool.run();
        });
  }

  @ParameterizedTest
  @EnumSource
  void noKindOfCellAllocates(Cell cell) {
    for (int rows : new int[] {1, 40}) {
      var stack = new CellStack(List.of(RandomLayers.layer(cell, 8, 40, new Random(1))));
      stack.warmUp(Duration.ofMillis(500));
      requireNoGarbage(new CellStackTest.Player(stack, rows), new float[rows * 8]);
    }
  }

  @Test
  void warmingUpEndsByItselfWhenStepsAllocateNothing() {
    CellStack stack = RandomLayers.stack(8, 40, 2, 1);
    long start = System.nanoTime();
    stack.warmUp(Duration.ofNanos(PATIENCE_NANOS));
    assertThat(System.nanoTime() - start).isLessThan(PATIENCE_NANOS);

    start = System.nanoTime();
    stack.warmUp(Duration.ofNanos(PATIENCE_NANOS));
    assertThat(System.nanoTime() - start).isLessThan(PATIENCE_NANOS / 4);
  }
}
