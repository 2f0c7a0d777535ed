package dev.sluice.bench.train;

import dev.sluice.train.TrainerIteration;

public final class Alone {
  public static void main(String[] args) {
    try (var mine = new TrainerIteration(Integer.parseInt(args[0]), Integer.parseInt(args[1]))) {
      for (int block = 0; block < 4; block++) {
        long[] times = new long[Integer.parseInt(args[2])];
        for (int i = 0; i < times.length; i++) {
          long s = System.nanoTime();
          mine.run();
          times[i] = System.nanoTime() - s;
        }
        java.util.Arrays.sort(times);
        System.out.println("best " + times[0] / 1000 + " median " + times[times.length / 2] / 1000);
      }
    }
  }
}
