package dev.sluice.train;

/** Is told how far training has come; on the training thread, so it should be quick. */
public interface Progress {

  /**
   * A window was learned from.
   *
   * @param epoch from 1
   * @param done windows of this epoch that are done
   * @param windows of this epoch
   * @param trainNats mean surprise in training so far in this epoch
   */
  void window(int epoch, int done, int windows, double trainNats);

  /**
   * An epoch is over.
   *
   * @param epoch from 1
   * @param trainNats mean surprise in training, while it went on
   * @param validationNats mean surprise at the validation part afterwards
   * @param isBest whether no epoch before was better
   */
  void epoch(int epoch, double trainNats, double validationNats, boolean isBest);

  /** Returns a progress that is told in vain. */
  static Progress none() {
    return new Progress() {
      @Override
      public void window(int epoch, int done, int windows, double trainNats) {}

      @Override
      public void epoch(int epoch, double trainNats, double validationNats, boolean isBest) {}
    };
  }
}
