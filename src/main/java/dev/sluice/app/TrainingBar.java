package dev.sluice.app;

/** Shows how far training has come: epoch, a bar of its windows, and what was reached. */
final class TrainingBar implements dev.sluice.train.Progress {

  private static final int WIDTH = 24;

  private final Progress progress;
  private final int epochs;
  private double best = Double.NaN;

  /**
   * Creates a bar.
   *
   * @param epochs most epochs there can be
   */
  TrainingBar(Progress progress, int epochs) {
    this.progress = progress;
    this.epochs = epochs;
  }

  @Override
  public void window(int epoch, int done, int windows, double trainNats) {
    progress.offer(
        () ->
            "epoch "
                + epoch
                + " of "
                + epochs
                + " at most ["
                + bar(done, windows)
                + "] "
                + Numbers.two(trainNats)
                + " nats an event"
                + (Double.isNaN(best) ? "" : ", validation " + Numbers.two(best) + " so far"));
  }

  private static String bar(int done, int of) {
    int filled = Math.toIntExact((long) WIDTH * done / of);
    return "#".repeat(filled) + ".".repeat(WIDTH - filled);
  }

  @Override
  public void epoch(int epoch, double trainNats, double validationNats, boolean isBest) {
    best = isBest ? validationNats : best;
  }
}
