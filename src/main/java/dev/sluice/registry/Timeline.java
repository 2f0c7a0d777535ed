package dev.sluice.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What was published and rolled back of one model, oldest first. Only ever appended to, except that
 * its oldest entries may be dropped; so a replay of old events finds the models it found before.
 *
 * <p>Stored as one JSON object, at most {@value #MAX_BYTES} bytes:
 *
 * <pre>
 *   field              type     meaning
 *   format             integer  1, or 2 where a canary is among the entries
 *   id                 string   the model, as in the record key
 *   entries            array    oldest first, at most {@value #MAX_ENTRIES}, of objects:
 *     sequence         integer  place in the whole history, from 1, strictly ascending
 *     version          integer  the weights, from 1
 *     validFromMillis  integer  epoch milliseconds of event time, or null: at once
 *     publishedAtMillis integer epoch milliseconds
 *     what             string   "publish", "rollback" or, in format 2, "canary"
 *     share            number   of a canary only: of the keys it is in force for, in (0, 1)
 *   pin                object   optional: {@link Pin}. Says nothing about what is in force: the
 *                               entries alone do, so that who reads none of it agrees all the same
 * </pre>
 *
 * <p>Not signed. Whoever may write to the topic can put any version in force that is on it, or was
 * and is written again; if keys are configured, only one that a trusted key once signed. To sign
 * the timeline too would not mend that, for an old one, signed rightly, could be written again and
 * a process that starts knows no newer; and it would put the private key wherever somebody, or a
 * guard, has to be able to roll back at once. See {@link dev.sluice.artifact.TrustedKeys}.
 *
 * <p>A canary is in force for the keys whose {@link KeyShare#place} is below its share, until the
 * next entry that comes into force; the others go on with the last entry that is for all keys. One
 * canary may follow another only with at least its share, so that no key has to go back: that takes
 * a rollback, which is for all keys.
 *
 * @param id the model
 * @param entries oldest first; empty before the first publication
 * @param pin while there is one, what is published waits
 */
public record Timeline(String id, List<Entry> entries, Optional<Pin> pin) {

  /** The {@code validFromMillis} of an entry that is in force for every event from its arrival. */
  public static final long IMMEDIATE = Long.MIN_VALUE;

  /** More entries than this are refused; retention drops old ones. */
  public static final int MAX_ENTRIES = 4096;

  /** Longer ones are refused unread. Fits into one record of a topic with default limits. */
  static final int MAX_BYTES = 900 << 10;

  private static final int FORMAT = 1;
  private static final int WITH_CANARIES = 2;

  /**
   * Checks the history.
   *
   * @throws WeightsException if the sequence does not ascend, there are too many entries, or a
   *     canary cannot follow what is before it
   */
  public Timeline {
    WeightsKey.requireId(id);
    entries = List.copyOf(entries);
    if (entries.size() > MAX_ENTRIES) {
      throw new WeightsException(
          "timeline of "
              + id
              + ": "
              + entries.size()
              + " entries are too many. At most "
              + MAX_ENTRIES
              + " are expected; drop old versions with: sluice models retain");
    }
    long before = 0;
    double taken = 0; // By the canary before, if there is one.
    for (Entry entry : entries) {
      requireShare(id, entry, before == 0, taken);
      taken = entry.isForAll() ? 0 : entry.share;
      if (entry.sequence <= before) {
        throw new WeightsException(
            "timeline of "
                + id
                + ": sequence "
                + entry.sequence
                + " follows "
                + before
                + ". An ascending sequence is expected");
      }
      before = entry.sequence;
    }
  }

  private static void requireShare(String id, Entry entry, boolean isFirst, double taken) {
    if (entry.isForAll()) {
      return;
    }
    String what = "timeline of " + id + ": a canary of version " + entry.version;
    if (isFirst) {
      throw new WeightsException(
          what + " stands first. The other keys need a version, too; publish one before");
    }
    if (entry.share < taken) {
      throw new WeightsException(
          what
              + " for "
              + entry.share
              + " of the keys follows one for "
              + taken
              + ". Give at least as many, or roll back first");
    }
  }

  /** Creates a history without a pin. */
  public Timeline(String id, List<Entry> entries) {
    this(id, entries, Optional.empty());
  }

  /** Returns the history of a model that was never published. */
  public static Timeline empty(String id) {
    return new Timeline(id, List.of());
  }

  /** Returns the sequence of the newest entry, 0 if there is none. */
  public long lastSequence() {
    return entries.isEmpty() ? 0 : entries.getLast().sequence;
  }

  /** Returns this history with one more entry, numbered after the newest. */
  public Timeline plus(int version, long validFromMillis, long publishedAtMillis, What what) {
    return plus(new Entry(lastSequence() + 1, version, validFromMillis, publishedAtMillis, what));
  }

  /**
   * Returns this history with a canary: one more entry, in force for a share of the keys.
   *
   * @param share of the keys, in (0, 1), at least that of a canary it follows
   * @throws WeightsException if the share is another, or there is no version for the other keys
   */
  public Timeline plusCanary(
      int version, double share, long validFromMillis, long publishedAtMillis) {
    long sequence = lastSequence() + 1;
    return plus(
        new Entry(sequence, version, validFromMillis, publishedAtMillis, What.CANARY, share));
  }

  private Timeline plus(Entry entry) {
    List<Entry> more = new ArrayList<>(entries);
    more.add(entry);
    return new Timeline(id, more, pin);
  }

  /** Returns this history with another pin, or with none. */
  Timeline with(Optional<Pin> other) {
    return new Timeline(id, entries, other);
  }

  /**
   * Returns the entry in force for a new key's event where the key is in no canary: the last whose
   * {@code validFrom} is not after it, the first before them all; empty before the first
   * publication.
   */
  public Optional<Entry> inForce(long timeMillis) {
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(entries.get(indexInForce(timeMillis)));
  }

  /** Returns the versions its entries speak of. */
  public Set<Integer> versions() {
    Set<Integer> versions = new HashSet<>();
    entries.forEach(entry -> versions.add(entry.version));
    return versions;
  }

  /** Returns the versions whose weights are needed: those of its entries, and those that wait. */
  Set<Integer> needed() {
    Set<Integer> needed = versions();
    pin.ifPresent(set -> needed.addAll(set.held()));
    return needed;
  }

  /**
   * Returns the newest part of this history that speaks of at most {@code oldVersions} besides
   * those in force at {@code nowMillis} or later, which are always kept.
   *
   * <p>A part without gaps, so that every event after its first entry still finds the model it
   * would have found in the whole.
   */
  Timeline newest(int oldVersions, long nowMillis) {
    if (entries.isEmpty()) {
      return this;
    }
    int from = indexInForce(nowMillis);
    Set<Integer> current = new Timeline(id, entries.subList(from, entries.size())).versions();
    Set<Integer> old = new HashSet<>();
    while (from > 0) {
      int version = entries.get(from - 1).version;
      if (!current.contains(version) && old.add(version) && old.size() > oldVersions) {
        break;
      }
      from--;
    }
    while (!entries.get(from).isForAll()) {
      from++; // What the other keys had is gone.
    }
    return new Timeline(id, entries.subList(from, entries.size()), pin);
  }

  /** Returns the place of what is in force for the keys of no canary. */
  private int indexInForce(long timeMillis) {
    for (int i = entries.size() - 1; i > 0; i--) {
      if (entries.get(i).isForAll() && entries.get(i).validFromMillis <= timeMillis) {
        return i;
      }
    }
    return 0;
  }

  /** Returns the stored form. */
  byte[] toBytes() {
    boolean plain = entries.stream().allMatch(Entry::isForAll);
    ObjectNode node = Json.object().put("format", plain ? FORMAT : WITH_CANARIES).put("id", id);
    ArrayNode array = node.putArray("entries");
    for (Entry entry : entries) {
      ObjectNode element = array.addObject();
      element.put("sequence", entry.sequence).put("version", entry.version);
      if (entry.validFromMillis == IMMEDIATE) {
        element.putNull("validFromMillis");
      } else {
        element.put("validFromMillis", entry.validFromMillis);
      }
      element.put("publishedAtMillis", entry.publishedAtMillis).put("what", entry.what.stored());
      if (!entry.isForAll()) {
        element.put("share", entry.share);
      }
    }
    pin.ifPresent(set -> set.write(node.putObject("pin")));
    return Json.bytes(node);
  }

  /**
   * Reads the stored form of the timeline of {@code id}.
   *
   * @throws WeightsException saying what is wrong with it
   */
  static Timeline parse(String id, byte[] bytes) {
    String where = "timeline of " + id;
    JsonNode node = Json.parse(where, bytes, MAX_BYTES);
    Json.requireFormat(where, node, WITH_CANARIES);
    Manifest.requireSame(where, "id", id, Json.text(where, node, "id"));
    JsonNode array = node.path("entries");
    if (!array.isArray() || array.size() > MAX_ENTRIES) {
      throw new WeightsException(
          where + ": entries is no array of at most " + MAX_ENTRIES + " objects");
    }
    List<Entry> entries = new ArrayList<>(array.size());
    for (JsonNode element : array) {
      entries.add(Entry.parse(where + ", entry " + entries.size(), element));
    }
    return new Timeline(id, entries, Pin.parse(where, node.path("pin")));
  }

  /**
   * One change of what is in force.
   *
   * @param sequence place in the whole history, from 1
   * @param version the weights, from 1
   * @param validFromMillis the first event time it is in force for, or {@link #IMMEDIATE}
   * @param publishedAtMillis when it was written, epoch milliseconds
   * @param share of the keys it is in force for: less than 1 for a canary, 1 for all else
   */
  public record Entry(
      long sequence,
      int version,
      long validFromMillis,
      long publishedAtMillis,
      What what,
      double share) {

    /** The share of what is in force for every key. */
    public static final double ALL = 1;

    /** Creates an entry that is in force for every key. */
    public Entry(
        long sequence, int version, long validFromMillis, long publishedAtMillis, What what) {
      this(sequence, version, validFromMillis, publishedAtMillis, what, ALL);
    }

    /** Checks the numbers. */
    public Entry {
      if (sequence < 1 || version < 1) {
        throw new WeightsException(
            "timeline: sequence "
                + sequence
                + " of version "
                + version
                + " is out of range. Both count from 1");
      }
      boolean fits = what == What.CANARY ? share > 0 && share < ALL : share == ALL;
      if (!fits) {
        throw new WeightsException(
            "timeline: a share of "
                + share
                + (what == What.CANARY
                    ? " of the keys is out of range. A canary takes more than 0 and less than 1"
                    : " for what is no canary. 1 is expected"));
      }
    }

    /** Returns whether it is in force for every key. */
    public boolean isForAll() {
      return what != What.CANARY;
    }

    private static Entry parse(String where, JsonNode node) {
      long sequence = Json.wholeNumber(where, node, "sequence", 1, Long.MAX_VALUE);
      int version = (int) Json.wholeNumber(where, node, "version", 1, WeightsKey.MAX_VERSION);
      long validFrom =
          node.path("validFromMillis").isNull()
              ? IMMEDIATE
              : Json.wholeNumber(
                  where, node, "validFromMillis", Long.MIN_VALUE + 1, Long.MAX_VALUE);
      long publishedAt =
          Json.wholeNumber(where, node, "publishedAtMillis", Long.MIN_VALUE, Long.MAX_VALUE);
      What what = What.parse(where, Json.text(where, node, "what"));
      double share = what == What.CANARY ? node.path("share").asDouble(Double.NaN) : ALL;
      return new Entry(sequence, version, validFrom, publishedAt, what, share);
    }
  }

  /** Why an entry was written. */
  public enum What {
    /** New weights, or old ones that were promoted again. */
    PUBLISH,
    /** Back to weights that were in force before. */
    ROLLBACK,
    /** New weights for a share of the keys. */
    CANARY;

    String stored() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static What parse(String where, String stored) {
      for (What what : values()) {
        if (what.stored().equals(stored)) {
          return what;
        }
      }
      throw new WeightsException(
          where
              + ": what is \""
              + stored
              + "\". \"publish\", \"rollback\" or \"canary\" is expected");
    }
  }
}
