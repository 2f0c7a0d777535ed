package dev.sluice.state;

import java.io.Serial;

/** The keys need more memory than is allowed. The message is for people, and says the ways out. */
public final class MemoryBudgetException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param keys how many are known
   * @param needed bytes that they need
   * @param allowed bytes that they may have
   */
  public MemoryBudgetException(long keys, long needed, long allowed) {
    super(
        "The memories of "
            + keys
            + " keys need "
            + megabytes(needed)
            + ", state.memory allows "
            + megabytes(allowed)
            + ". Give this process more memory (state.memory, and -Xmx in SLUICE_OPTS), or share"
            + " the keys among more instances, or keep them on disk with state: {store: rocksdb}");
  }

  /** Rounded up, so that what is needed never looks like what is allowed. */
  private static String megabytes(long bytes) {
    long mebi = 1 << 20;
    return (bytes / mebi + (bytes % mebi == 0 ? 0 : 1)) + " MB";
  }
}
