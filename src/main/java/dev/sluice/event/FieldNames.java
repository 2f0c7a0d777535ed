package dev.sluice.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.FieldSink.Role;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an object that a topology names, by the bytes of their names: a step of a path,
 * with the fields below it, and what the field itself is for.
 *
 * <p>Programs write their fields in one order. So the field that came after this one in the event
 * before is tried first, with one comparison; only another name is searched for.
 */
final class FieldNames {

  private static final int PLACES = 64;

  private final byte[] name;
  private final byte[] quoted; // With the quote at its end.
  private final @Nullable FieldNames[] below = new @Nullable FieldNames[PLACES];
  private @Nullable FieldNames samePlace;
  private @Nullable FieldNames likelyFirst;
  private @Nullable FieldNames likelyNext;
  private @Nullable Role role;
  private long seenIn; // The number of the event it was seen in last.

  private FieldNames(String name) {
    this.name = name.getBytes(UTF_8);
    this.quoted = (name + '"').getBytes(UTF_8);
  }

  /** Creates an object of which no field is wanted. */
  FieldNames() {
    this("");
  }

  /** Adds a path. */
  void plant(List<String> path, Role itsRole) {
    if (path.isEmpty()) {
      role = itsRole;
    } else if (isPlain(path.getFirst())) {
      // Any other name has an escape in JSON, and is never met in the plain form.
      child(new FieldNames(path.getFirst())).plant(path.subList(1, path.size()), itsRole);
    }
  }

  private static boolean isPlain(String name) {
    boolean escaped = name.chars().anyMatch(c -> c < ' ' || c == '"' || c == '\\');
    return !escaped && name.equals(new String(name.getBytes(UTF_8), UTF_8));
  }

  /** Returns the field of that name if there is one, else adds this one. */
  private FieldNames child(FieldNames added) {
    var utf8 = new Slice().at(added.name, 0, added.name.length);
    FieldNames known = find(utf8);
    if (known != null) {
      return known;
    }
    int place = place(utf8);
    added.samePlace = below[place];
    below[place] = added;
    return added;
  }

  private static int place(Slice utf8) {
    int length = utf8.length();
    return length == 0
        ? 0
        : 7 * length + 5 * utf8.charAt(0) + 3 * utf8.charAt(length / 2) + utf8.charAt(length - 1)
            & PLACES - 1;
  }

  private @Nullable FieldNames find(Slice utf8) {
    FieldNames child = below[place(utf8)];
    while (child != null && !utf8.is(child.name)) {
      child = child.samePlace;
    }
    return child;
  }

  /**
   * Takes a name and its closing quote.
   *
   * @param before the field that was read before in this object, null at its beginning
   * @param slice used for nothing else meanwhile
   * @param otherwise what to return where the name is not wanted
   * @return the field of that name; null where what comes is not plain
   */
  @Nullable FieldNames read(
      JsonCursor json, @Nullable FieldNames before, Slice slice, FieldNames otherwise) {
    FieldNames likely = before == null ? likelyFirst : before.likelyNext;
    if (likely != null && json.take(likely.quoted)) {
      return likely;
    }
    if (!json.text()) {
      return null;
    }
    FieldNames found = find(json.slice(slice));
    if (found == null) {
      return otherwise;
    }
    if (before == null) {
      likelyFirst = found;
    } else {
      before.likelyNext = found;
    }
    return found;
  }

  /** Returns what the field is for, null where it only holds others, or is not wanted. */
  @Nullable Role role() {
    return role;
  }

  /** Notes that the event of that number has the field, and returns whether for the first time. */
  boolean isFirstIn(long eventNumber) {
    boolean first = seenIn != eventNumber;
    seenIn = eventNumber;
    return first;
  }
}
