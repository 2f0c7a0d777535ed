package dev.sluice.config;

/**
 * The {@code state} section: what becomes of the keys' memories.
 *
 * @param onSwap what becomes of them when another model version takes over
 */
public record StateDecl(OnSwap onSwap) {

  /** What a new model version does to memories made by the old one. */
  public enum OnSwap {
    /** They stay: right for a fine-tune of the same shape. */
    KEEP,
    /** Each key starts afresh. */
    RESET
  }

  /** What a file without this section means. */
  public static StateDecl defaults() {
    return new StateDecl(OnSwap.KEEP);
  }
}
