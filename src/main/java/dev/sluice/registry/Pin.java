package dev.sluice.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That one version is to stay in force: what is published from then on is stored on the topic, and
 * waits. Publishers obey it; followers need not know it, because what waits has no entry in the
 * {@link Timeline}, and what has no entry is in force for no event, now or in a replay.
 *
 * <p>Stored within the timeline as an object:
 *
 * <pre>
 *   field        type     meaning
 *   version      integer  what stays in force, from 1
 *   sinceMillis  integer  epoch milliseconds
 *   held         array    versions published since, oldest first, at most {@value #MAX_HELD}
 * </pre>
 *
 * @param version what stays in force
 * @param sinceMillis when it was pinned, epoch milliseconds
 * @param held versions published since, oldest first
 */
public record Pin(int version, long sinceMillis, List<Integer> held) {

  /** More versions than this cannot wait. */
  public static final int MAX_HELD = 64;

  /** Checks the numbers. */
  public Pin {
    held = List.copyOf(held);
    if (version < 1 || held.size() > MAX_HELD) {
      throw new WeightsException(
          "pin: version "
              + version
              + " with "
              + held.size()
              + " versions waiting is out of range. A version from 1 and at most "
              + MAX_HELD
              + " are expected");
    }
  }

  /** Returns this pin with one more version waiting. */
  Pin holding(int waiting) {
    if (held.size() == MAX_HELD) {
      throw new WeightsException(
          "version "
              + version
              + " is pinned and "
              + MAX_HELD
              + " versions wait already. Unpin it first: sluice models unpin");
    }
    List<Integer> more = new ArrayList<>(held);
    more.add(waiting);
    return new Pin(version, sinceMillis, more);
  }

  /**
   * Returns {@code timeline} with {@code version} in force from {@code validFromMillis} on, unless
   * it is the newest already, and pinned. What waited for an earlier pin goes on waiting.
   */
  static Timeline set(Timeline timeline, int version, long validFromMillis, long nowMillis) {
    boolean isNewest =
        !timeline.entries().isEmpty()
            && timeline.entries().getLast().version() == version
            && timeline.entries().getLast().isForAll();
    Timeline longer =
        isNewest
            ? timeline
            : timeline.plus(version, validFromMillis, nowMillis, Timeline.What.PUBLISH);
    List<Integer> held =
        new ArrayList<>(timeline.pin().map(before -> before.held).orElse(List.of()));
    held.remove(Integer.valueOf(version));
    return longer.with(Optional.of(new Pin(version, nowMillis, held)));
  }

  void write(ObjectNode node) {
    node.put("version", version).put("sinceMillis", sinceMillis);
    ArrayNode array = node.putArray("held");
    held.forEach(array::add);
  }

  static Optional<Pin> parse(String where, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    String pin = where + ", pin";
    JsonNode array = node.path("held");
    if (!array.isArray() || array.size() > MAX_HELD) {
      throw new WeightsException(
          pin + ": held is no array of at most " + MAX_HELD + " whole numbers");
    }
    List<Integer> held = new ArrayList<>(array.size());
    for (JsonNode version : array) {
      if (!version.canConvertToInt() || version.intValue() < 1) {
        throw new WeightsException(
            pin + ": held is no array of at most " + MAX_HELD + " whole numbers");
      }
      held.add(version.intValue());
    }
    return Optional.of(
        new Pin(
            (int) Json.wholeNumber(pin, node, "version", 1, WeightsKey.MAX_VERSION),
            Json.wholeNumber(pin, node, "sinceMillis", Long.MIN_VALUE, Long.MAX_VALUE),
            held));
  }
}
