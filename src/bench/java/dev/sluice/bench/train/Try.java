package dev.sluice.bench.train;

import dev.sluice.train.TrainerIteration;

public final class Try {
  public static void main(String[] args) {
    for (int hidden : new int[] {64, 128}) {
      var ours = new TrainerIteration(hidden, 2);
      ours.gradients();
      Torch.threads(1);
      try (var torch = new Torch(ours)) {
        System.out.println("loss " + torch.gradients());
        float[][] g = ours.weightGradients();
        int[] which = {0, 1, 2, 4};
        for (int p = 0; p < 4; p++) {
          float[] t = torch.gradient(which[p]);
          double max = 0, dist = 0;
          for (int i = 0; i < t.length; i++) {
            max = Math.max(max, Math.abs(t[i]));
            dist = Math.max(dist, Math.abs(t[i] - g[p][i]));
          }
          System.out.println(p + " max " + max + " distance " + dist);
        }
      }
      for (int threads = 1; threads <= 2; threads++) {
        Torch.threads(threads);
        try (var torch = new Torch(ours); var mine = new TrainerIteration(hidden, threads)) {
          for (int block = 0; block < 3; block++) {
          long best = Long.MAX_VALUE;
          for (int i = 0; i < 150; i++) {
            long s = System.nanoTime();
            torch.run();
            best = Math.min(best, System.nanoTime() - s);
          }
          System.out.println("torch " + hidden + " threads " + threads + " best " + best / 1000 + " " + torch.phases(150 * (block + 1)));
           best = Long.MAX_VALUE;
          for (int i = 0; i < 400; i++) {
            long s = System.nanoTime();
            mine.run();
            best = Math.min(best, System.nanoTime() - s);
          }
          System.out.println("ours  " + hidden + " threads " + threads + " best " + best / 1000);
          }
        }
      }
    }
  }
}
