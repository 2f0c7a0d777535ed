package dev.sluice.bench.train;
import dev.sluice.train.TrainerIteration;
public final class Ab {
  public static void main(String[] args) {
    for (int h : new int[] {64, 128}) for (int t = 1; t <= 2; t++) {
      System.setProperty("wl", "16"); var a = new TrainerIteration(h, t);
      System.setProperty("wl", "8"); var b = new TrainerIteration(h, t);
      for (int block = 0; block < 4; block++) System.out.println(h + " t" + t + " wl16 " + time(a) + " wl8 " + time(b));
      a.close(); b.close();
    }
  }
  static String time(TrainerIteration x) {
    long[] n = new long[150];
    for (int i = 0; i < n.length; i++) { long s = System.nanoTime(); x.run(); n[i] = System.nanoTime() - s; }
    java.util.Arrays.sort(n); return n[0] / 1000 + "/" + n[75] / 1000;
  }
}
