package dev.sluice.config;

/**
 * The {@code score} section: when surprise is an alert.
 *
 * @param threshold score from which an event is an alert, above 0 and up to 1
 * @param warmUp events of a key before it may alert, 0 to 1,000,000
 * @param quiet events a key stays silent after an alert unless it gets worse, 0 to 1,000,000
 */
public record ScoreDecl(double threshold, int warmUp, int quiet) {

  private static final int MAX_EVENTS = 1_000_000;

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public ScoreDecl {
    new Check("score")
        .above("threshold", threshold, 0, 1)
        .whole("warmUp", warmUp, 0, MAX_EVENTS)
        .whole("quiet", quiet, 0, MAX_EVENTS)
        .done();
  }

  /** What a file without this section means. */
  public static ScoreDecl defaults() {
    return new ScoreDecl(Defaults.THRESHOLD, Defaults.WARM_UP, Defaults.QUIET);
  }
}
