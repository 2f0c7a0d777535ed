package dev.sluice.registry;

import java.util.List;
import java.util.Optional;

/** What became of an order to a {@link WeightsPublisher}. */
public sealed interface Publication {

  /**
   * The weights are on the topic, and the timeline ends in {@code entry}.
   *
   * @param entry what was appended
   * @param manifest of the version it puts in force
   */
  record Published(Timeline.Entry entry, Manifest manifest) implements Publication {}

  /** Exactly these weights are published under this version already; nothing was written. */
  record Unchanged(Manifest manifest) implements Publication {}

  /** The weights of a version in the timeline were damaged and are whole again. */
  record Restored(Manifest manifest) implements Publication {}

  /** The weights were published already; the signature they have now is another. */
  record Signed(Manifest manifest) implements Publication {}

  /**
   * The weights are on the topic and wait, because another version is pinned.
   *
   * @param pin as it is now
   */
  record Held(Manifest manifest, Pin pin) implements Publication {}

  /**
   * A version is pinned.
   *
   * @param pin as it is now
   * @param entry that puts it in force; empty where it was the newest already
   */
  record Pinned(Pin pin, Optional<Timeline.Entry> entry) implements Publication {}

  /**
   * A pin was taken away.
   *
   * @param pin as it was
   * @param entry that puts the newest of what waited in force; empty where nothing was to
   */
  record Unpinned(Pin pin, Optional<Timeline.Entry> entry) implements Publication {}

  /**
   * What retention did.
   *
   * @param kept the versions that can be scored with, ascending
   * @param removed the versions whose weights were removed now, ascending
   */
  record Retention(List<Integer> kept, List<Integer> removed) {}
}
