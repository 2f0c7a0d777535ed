package dev.sluice.config;

/**
 * The {@code weights} section: where models come from.
 *
 * @param topic the compacted topic that carries them
 * @param requireSignature whether an unsigned model is refused
 */
public record Weights(String topic, boolean requireSignature) {

  /**
   * Checks the section.
   *
   * @throws TopologyException naming the field at fault
   */
  public Weights {
    new Check("weights").topic("topic", topic).done();
  }

  /** What a file without this section means. */
  public static Weights defaults() {
    return new Weights(Defaults.WEIGHTS_TOPIC, false);
  }
}
