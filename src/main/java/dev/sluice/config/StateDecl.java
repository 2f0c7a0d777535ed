package dev.sluice.config;

import java.time.Duration;
import java.util.Optional;

/**
 * The {@code state} section: what becomes of the keys' memories, and where they are.
 *
 * @param onSwap what becomes of them when another model version takes over
 * @param rewarm with that policy: events of a key that its row holds for it, 1 to 250
 * @param shadow with that policy: events of a key before a new version takes over, 1 to 100,000
 * @param encoding how precise they are
 * @param expireAfter how long a key may be silent, in event time, before it is forgotten, 1s to
 *     36500d; empty for ever
 * @param store where they are
 * @param cache bytes of the memories that are resident while the store is rocksdb, 64KB to 1024TB
 * @param memory bytes that resident memories may take in this process, 1MB to 1024TB; empty for
 *     what the JVM allows
 * @param snapshotEvery how often resident memories that changed are written to local disk, 0s to
 *     36500d; 0s for never
 * @param rowsEvery how long a resident memory that changed may stay out of the changelog, 0s to
 *     60s; 0s for no longer than to the commit
 * @param adapt what of the heads learns from each event of a key, for that key alone
 * @param adaptRate step size of that, above 0 and up to 1
 */
public record StateDecl(
    OnSwap onSwap,
    int rewarm,
    int shadow,
    Encoding encoding,
    Optional<Duration> expireAfter,
    Store store,
    long cache,
    Optional<Long> memory,
    Duration snapshotEvery,
    Duration rowsEvery,
    Adapt adapt,
    double adaptRate) {

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final int LONGEST_REWARM = 250;
  private static final int LONGEST_SHADOW = 100_000;

  /** Recomputing takes about as long at most, and must end within the poll interval. */
  private static final Duration LONGEST_ROWS = Duration.ofSeconds(60);

  private static final long SMALLEST_CACHE = 64 << 10;
  private static final long SMALLEST_MEMORY = 1 << 20;
  private static final long LARGEST = 1L << 50;

  /** What a new model version does to memories made by the old one. */
  public enum OnSwap {
    /** They stay: right for a fine-tune of the same shape. */
    KEEP,
    /** Each key starts afresh. */
    RESET,
    /** The new version replays each key's last events from the row. */
    REWARM,
    /** The new version steps memories of its own beside the old one until they are warm. */
    SHADOW
  }

  /** How precise the hidden and cell states are. */
  public enum Encoding {
    /** As the network computes. */
    FLOAT32,
    /** Rounded after every event: half the bytes in the changelog and on disk. */
    FLOAT16
  }

  /** What of the heads is a key's own. */
  public enum Adapt {
    /** Nothing: all keys share one model. */
    NONE,
    /** What is likely whatever came before. */
    BIAS,
    /** What the memory means, too. */
    HEAD
  }

  /** Where memories are. */
  public enum Store {
    /** All of them in memory. */
    RESIDENT,
    /** On disk, the ones in use in memory. */
    ROCKSDB
  }

  /**
   * Checks the section.
   *
   * @throws TopologyException naming every field at fault
   */
  public StateDecl {
    var check = new Check("state");
    check.whole("rewarm", rewarm, 1, LONGEST_REWARM);
    check.whole("shadow", shadow, 1, LONGEST_SHADOW);
    expireAfter.ifPresent(after -> check.duration("expireAfter", after, SHORTEST, LONGEST));
    check.size("cache", cache, SMALLEST_CACHE, LARGEST);
    memory.ifPresent(bytes -> check.size("memory", bytes, SMALLEST_MEMORY, LARGEST));
    check.duration("snapshotEvery", snapshotEvery, Duration.ZERO, LONGEST);
    check.duration("rowsEvery", rowsEvery, Duration.ZERO, LONGEST_ROWS);
    check.require(
        rowsEvery.isZero() || store == Store.RESIDENT,
        "rowsEvery",
        Durations.text(rowsEvery),
        "means nothing while store is rocksdb, which makes room with rows that are written",
        "Remove it, or write store: resident");
    check.above("adaptRate", adaptRate, 0, 1);
    check.done();
  }

  /** What a file without this section means. */
  public static StateDecl defaults() {
    return new StateDecl(
        OnSwap.KEEP,
        Defaults.REWARM,
        Defaults.SHADOW,
        Encoding.FLOAT32,
        Optional.empty(),
        Store.RESIDENT,
        Defaults.CACHE,
        Optional.empty(),
        Defaults.SNAPSHOT_EVERY,
        Defaults.ROWS_EVERY,
        Adapt.NONE,
        Defaults.ADAPT_RATE);
  }
}
