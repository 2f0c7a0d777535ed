package dev.sluice.kernel;

import java.util.Random;

/**
 * Times steps of one layer on one thread: {@code KernelBench [rows x hidden ...]}, with int16
 * weights where {@code /int16} follows, of another kind of cell where its name does ({@code /GRU}).
 * Best of many rounds, because the machine is shared; I = H / 4 as in the published figures.
 */
final class KernelBench {

  private static final int ROUNDS = 40;
  private static final long ROUND_NANOS = 50_000_000;

  private KernelBench() {}

  public static void main(String[] args) {
    String[] cases =
        args.length > 0
            ? args
            : new String[] {
              "1x32", "1x64", "1x128", "1x256", "32x32", "32x64", "32x128", "32x256", "128x64",
              "128x128", "128x256"
            };
    System.out.println(Kernel.best().name());
    for (String one : cases) {
      String[] forms = one.split("/", 2);
      String[] parts = forms[0].split("x", -1);
      time(
          Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), forms.length < 2 ? "" : forms[1]);
    }
  }

  private static CellPanels cell(int inputs, int hidden, String form) {
    CellPanels lstm = CellKernelTest.random(Recurrence.LSTM, inputs, hidden, 1);
    return switch (form) {
      case "" -> lstm;
      case "int16" -> lstm.toInt16();
      default -> CellKernelTest.random(Recurrence.valueOf(form), inputs, hidden, 1);
    };
  }

  private static void time(int rows, int hidden, String form) {
    int inputs = hidden / 4;
    CellPanels panels = cell(inputs, hidden, form);
    int length = panels.memoryFloats();
    var memory = Floats.allocate((long) rows * length);
    var set = new RowSet(rows);
    for (int r = 0; r < rows; r++) {
      set.add(memory, (long) r * length, length);
    }
    int stride = Floats.pad(inputs);
    Floats x = Floats.allocate((long) rows * stride);
    var random = new Random(2);
    for (int i = 0; i < x.size(); i++) {
      x.set(i, (float) random.nextGaussian());
    }
    var scratch = new Scratch(rows, inputs, hidden, hidden);
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long end = start;
      int calls = 0;
      while (end - start < ROUND_NANOS) {
        for (int i = 0; i < 50; i++) {
          Kernel.best().step(panels, x, stride, set, 0, scratch);
        }
        calls += 50;
        end = System.nanoTime();
      }
      best = Math.min(best, (end - start) / 1e3 / calls);
    }
    double flops = 2.0 * rows * 4 * hidden * (inputs + hidden);
    System.out.println(
        rows
            + "x"
            + hidden
            + (form.isEmpty() ? "" : "/" + form)
            + "\t"
            + Math.round(best * 1000) / 1000.0
            + " µs\t"
            + Math.round(flops / best / 1e3)
            + " GFLOP/s");
  }
}
