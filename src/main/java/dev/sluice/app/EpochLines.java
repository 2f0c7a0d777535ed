package dev.sluice.app;

import java.io.PrintWriter;

/** Says a line an epoch. */
record EpochLines(PrintWriter out, String what) implements dev.sluice.train.Progress {

  @Override
  public void window(int epoch, int done, int windows, double trainNats) {}

  @Override
  public void epoch(int epoch, double trainNats, double validationNats, boolean isBest) {
    out.println(
        what
            + ", epoch "
            + epoch
            + ": "
            + Numbers.two(validationNats)
            + " nats an event"
            + (isBest ? "" : ", no better"));
    out.flush();
  }
}
