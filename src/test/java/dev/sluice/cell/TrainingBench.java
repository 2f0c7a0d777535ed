package dev.sluice.cell;

import dev.sluice.kernel.RowBlock;
import java.util.ArrayList;
import java.util.Random;

/**
 * Times one iteration of training, forward + backward + Adam, of one layer on one thread: {@code
 * TrainingBench [hidden ...]}; 32 lanes of 64 steps and I = H / 4, as in the published figures.
 */
final class TrainingBench {

  private static final int LANES = 32;
  private static final int STEPS = 64;
  private static final int ROUNDS = 400;

  private TrainingBench() {}

  public static void main(String[] args) {
    for (String hidden : args.length > 0 ? args : new String[] {"32", "64", "128"}) {
      time(Integer.parseInt(hidden));
    }
  }

  private static void time(int hidden) {
    var lstm = TrainableStack.create(hidden / 4, new int[] {hidden}, 1);
    var adam = new Adam(new ArrayList<>(lstm.parameters()), Adam.Options.of(1e-4));
    StackWindow window = lstm.window(LANES, STEPS);
    fill(window.inputs());
    fill(window.outputGradients());
    long[] best = {Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE};
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      window.forward();
      long forward = System.nanoTime();
      window.backward();
      long backward = System.nanoTime();
      adam.step(1);
      long end = System.nanoTime();
      best[0] = Math.min(best[0], forward - start);
      best[1] = Math.min(best[1], backward - forward);
      best[2] = Math.min(best[2], end - backward);
      best[3] = Math.min(best[3], end - start);
    }
    System.out.println(
        hidden
            + "\tforward "
            + best[0] / 1000
            + " µs\tbackward "
            + best[1] / 1000
            + " µs\tadam "
            + best[2] / 1000
            + " µs\tall "
            + best[3] / 1000
            + " µs");
  }

  private static void fill(RowBlock rows) {
    var random = new Random(1);
    for (int r = 0; r < rows.rows(); r++) {
      for (int column = 0; column < rows.width(); column++) {
        rows.set(r, column, (float) random.nextGaussian());
      }
    }
  }
}
