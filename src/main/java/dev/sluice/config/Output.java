package dev.sluice.config;

/**
 * The {@code output} section: where results go.
 *
 * @param scores topic of one result an event; by default {@code <name>-scores}
 * @param alerts topic of the results that are alerts; by default {@code <name>-alerts}
 * @param deadLetters topic of the events that could not be scored; by default {@code
 *     <name>-dead-letters}
 * @param interval probability that a value lies inside the predicted interval, above 0, below 1
 */
public record Output(String scores, String alerts, String deadLetters, double interval) {

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public Output {
    new Check("output")
        .topic("scores", scores)
        .topic("alerts", alerts)
        .topic("deadLetters", deadLetters)
        .between("interval", interval, 0, 1)
        .done();
  }

  /** What a file without this section means, for a topology of this name. */
  public static Output of(String name) {
    return new Output(
        scoresTopic(name), alertsTopic(name), deadLettersTopic(name), Defaults.INTERVAL);
  }

  /** The scores topic of a topology of this name that does not say. */
  public static String scoresTopic(String name) {
    return name + "-scores";
  }

  /** The alerts topic of a topology of this name that does not say. */
  public static String alertsTopic(String name) {
    return name + "-alerts";
  }

  /** The dead-letter topic of a topology of this name that does not say. */
  public static String deadLettersTopic(String name) {
    return name + "-dead-letters";
  }
}
