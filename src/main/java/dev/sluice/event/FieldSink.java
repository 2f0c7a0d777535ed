package dev.sluice.event;

import dev.sluice.event.Cut.Cutter;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection.Reason;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where decoders put what they find: checks each value against the schema and fills an event's
 * slots. One for each decoder, whatever its format, so that a file and a topic agree.
 */
final class FieldSink {

  /** What a field of the event is for; a field may have several roles, chained by next. */
  record Role(Kind kind, int slot, String name, @Nullable Role next) {

    /** Returns whether the field is, or is also, read as text. */
    boolean readsText() {
      boolean here = kind == Kind.WORD || kind == Kind.KEY;
      return here || (next != null && next.readsText());
    }
  }

  enum Kind {
    NUMBER,
    WORD,
    KEY,
    TIME
  }

  private final EventSchema schema;
  private final Map<String, Role> roles = new HashMap<>();

  private final Words words = new Words();
  private final @Nullable Cutter[] cutters; // By slot of the words.

  private boolean keySeen;
  private boolean timeSeen;

  FieldSink(EventSchema schema) {
    this.schema = schema;
    for (int i = 0; i < schema.numbers().size(); i++) {
      add(Kind.NUMBER, i, schema.numbers().get(i).name());
    }
    this.cutters = new @Nullable Cutter[schema.words().size()];
    for (int i = 0; i < schema.words().size(); i++) {
      Field field = schema.words().get(i);
      add(Kind.WORD, i, field.name());
      cutters[i] = field.cut() == null ? null : field.cut().open();
    }
    if (schema.keyField() != null) {
      add(Kind.KEY, 0, schema.keyField());
    }
    if (schema.time() instanceof TimeSource.OfField(String name, long _)) {
      add(Kind.TIME, 0, name);
    }
  }

  private void add(Kind kind, int slot, String name) {
    roles.put(name, new Role(kind, slot, name, roles.get(name)));
  }

  /** Returns the roles by field name or path. */
  Map<String, Role> roles() {
    return roles;
  }

  /** Begins an event: its key and time are the record's until a field says otherwise. */
  void begin(byte @Nullable [] recordKey, long recordTimeMillis, Event event) {
    event.clear();
    keySeen = schema.keyField() == null && recordKey != null;
    timeSeen = schema.time() instanceof TimeSource.OfRecord;
    if (keySeen && recordKey != null) {
      event.key(recordKey);
    }
    event.timeMillis(recordTimeMillis);
  }

  /**
   * Takes a numeric value.
   *
   * @param text its digits, where it stands for a name and must not be rounded, else null
   */
  void number(Role first, double value, @Nullable String text, Event event) throws Rejection {
    for (Role role = first; role != null; role = role.next()) {
      switch (role.kind()) {
        case NUMBER -> event.number(role.slot(), inRange(role, value));
        case TIME -> time(epoch(role, value), event);
        case WORD -> word(role, text == null ? plain(inRange(role, value)) : text, event);
        case KEY -> key(role, text == null ? plain(inRange(role, value)) : text, event);
      }
    }
  }

  /**
   * Takes a text that is no number.
   *
   * @param found what it is, for the message
   */
  void text(Role first, String value, String found, Event event) throws Rejection {
    for (Role role = first; role != null; role = role.next()) {
      switch (role.kind()) {
        case NUMBER -> throw wrongType(role, found, "a number");
        case TIME -> time(iso(role, value), event);
        case WORD -> word(role, value, event);
        case KEY -> key(role, value, event);
      }
    }
  }

  /**
   * Takes a text that is no number and holds nothing but whole characters, if every role accepts
   * it.
   *
   * @param utf8 the text; copied where it is kept
   * @return false where {@link #text} is to say what is wrong
   */
  boolean utf8(Role first, Slice utf8, Event event) {
    boolean taken = true;
    for (Role role = first; role != null; role = role.next()) {
      switch (role.kind()) {
        case NUMBER -> taken = false;
        case TIME -> {
          long millis = IsoTime.parse(utf8);
          taken &= millis != IsoTime.INVALID;
          time(millis, event);
        }
        case WORD -> taken &= word(role.slot(), utf8, event);
        case KEY -> {
          event.key(utf8.copy());
          keySeen = true;
        }
      }
    }
    return taken;
  }

  private boolean word(int slot, Slice utf8, Event event) {
    Cut cut = schema.words().get(slot).cut();
    Cutter cutter = cutters[slot];
    if (cut == null || cutter == null) {
      event.word(slot, words.text(utf8));
      return utf8.length() <= EventSchema.MAX_WORD_CHARS;
    }
    Steps steps = event.cut(slot, cut.most());
    utf8.cut(cutter, steps);
    return isWhole(steps, event);
  }

  /** Returns whether there are steps, and not too many; then the event is at the first. */
  private static boolean isWhole(Steps steps, Event event) {
    boolean whole = steps.count() > 0 && !steps.isTooLong();
    if (whole) {
      event.step(0);
    }
    return whole;
  }

  /** Takes a text from a format that does not tell numbers from text: each role decides. */
  void cell(Role first, String cell, Event event) throws Rejection {
    for (Role role = first; role != null; role = role.next()) {
      switch (role.kind()) {
        case NUMBER -> event.number(role.slot(), inRange(role, number(role, cell)));
        case TIME -> time(isEpoch(cell) ? epoch(role, parsed(cell)) : iso(role, cell), event);
        case WORD -> word(role, cell, event);
        case KEY -> key(role, cell, event);
      }
    }
  }

  private static double number(Role role, String cell) throws Rejection {
    double value = parsed(cell);
    if (Double.isNaN(value)) {
      throw wrongType(role, "text", "a number");
    }
    return value;
  }

  /** A date has a dash, too, but never at its beginning. */
  private static boolean isEpoch(String cell) {
    return cell.indexOf('-', 1) < 0 && !Double.isNaN(parsed(cell));
  }

  /** Returns the number that {@code cell} holds, NaN where it holds none. */
  private static double parsed(String cell) {
    try {
      return isNumeric(cell) ? Double.parseDouble(cell) : Double.NaN;
    } catch (NumberFormatException _) {
      return Double.NaN;
    }
  }

  /** Java's own parser would also take 0x1p3, 1d and NaN. */
  private static boolean isNumeric(String cell) {
    for (int i = 0; i < cell.length(); i++) {
      if ("+-.0123456789Ee ".indexOf(cell.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Takes a value of a kind that no role accepts. */
  static Rejection wrongType(Role role, String found, String expected) {
    return new Rejection(
        Reason.WRONG_TYPE,
        "field " + role.name() + ": " + found + " where " + expected + " belongs");
  }

  /** Checks that everything needed has come. */
  void end(Event event) throws Rejection {
    requireKey(event);
    if (!timeSeen && schema.time() instanceof TimeSource.OfField(String name, long _)) {
      throw missing(name);
    }
    for (int i = 0; i < schema.numbers().size(); i++) {
      Field field = schema.numbers().get(i);
      if (!field.optional() && Double.isNaN(event.number(i))) {
        throw missing(field.name());
      }
    }
    for (int i = 0; i < schema.words().size(); i++) {
      Field field = schema.words().get(i);
      if (!field.optional() && event.word(i) == null) {
        throw missing(field.name());
      }
    }
  }

  private void requireKey(Event event) throws Rejection {
    if (!keySeen || event.key().length == 0) {
      String where = schema.keyField() == null ? "the record" : "field " + schema.keyField();
      throw new Rejection(Reason.NO_KEY, where + " holds no key");
    }
    if (event.key().length > EventSchema.MAX_KEY_BYTES) {
      throw new Rejection(
          Reason.KEY_TOO_LONG,
          "the key has "
              + event.key().length
              + " bytes, "
              + EventSchema.MAX_KEY_BYTES
              + " are allowed");
    }
  }

  private static Rejection missing(String field) {
    return new Rejection(Reason.MISSING_FIELD, "field " + field + " is missing");
  }

  private void key(Role role, String text, Event event) throws Rejection {
    requireWholeCharacters(role, text);
    event.key(text.getBytes(StandardCharsets.UTF_8));
    keySeen = true;
  }

  private void time(long millis, Event event) {
    event.timeMillis(millis);
    timeSeen = true;
  }

  private void word(Role role, String text, Event event) throws Rejection {
    Cutter cutter = cutters[role.slot()];
    if (cutter != null) {
      cut(role, text, cutter, event);
      return;
    }
    if (text.length() > EventSchema.MAX_WORD_CHARS) {
      throw new Rejection(
          Reason.OUT_OF_RANGE,
          "field "
              + role.name()
              + ": a text of "
              + text.length()
              + " characters, at most "
              + EventSchema.MAX_WORD_CHARS
              + " are allowed");
    }
    requireWholeCharacters(role, text);
    event.word(role.slot(), text);
  }

  private void cut(Role role, String text, Cutter cutter, Event event) throws Rejection {
    requireWholeCharacters(role, text);
    int most = Objects.requireNonNull(schema.words().get(role.slot()).cut()).most();
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Steps steps = event.cut(role.slot(), most);
    cutter.cut(utf8, 0, utf8.length, steps);
    if (!isWhole(steps, event)) {
      throw new Rejection(
          Reason.OUT_OF_RANGE,
          "field "
              + role.name()
              + ": a text of "
              + steps.count()
              + " tokens, 1 to "
              + most
              + " are allowed");
    }
  }

  /** Half a character has no UTF-8: as a key it would be one with all others, as a result fail. */
  private static void requireWholeCharacters(Role role, String text) throws Rejection {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int whole = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(whole)) {
          throw new Rejection(
              Reason.MALFORMED,
              "field " + role.name() + ": half a surrogate pair at character " + (i + 1));
        }
        i++;
      }
    }
  }

  private static double inRange(Role role, double value) throws Rejection {
    // Written so that NaN fails it, too.
    if (!(Math.abs(value) <= EventSchema.MAX_MAGNITUDE)) {
      throw new Rejection(
          Reason.OUT_OF_RANGE,
          "field " + role.name() + ": " + value + " is beyond " + EventSchema.MAX_MAGNITUDE);
    }
    return value;
  }

  private long epoch(Role role, double value) throws Rejection {
    long perUnit = schema.time() instanceof TimeSource.OfField(String _, long per) ? per : 1;
    double millis = value * perUnit;
    // Year 9999 ends below 2.6e14; beyond it somebody counts in another unit.
    if (!(Math.abs(millis) < 2.6e14)) {
      throw new Rejection(
          Reason.BAD_TIME, "field " + role.name() + ": " + value + " is no time in this unit");
    }
    return (long) StrictMath.rint(millis);
  }

  private static long iso(Role role, String text) throws Rejection {
    long millis = IsoTime.parse(text);
    if (millis == IsoTime.INVALID) {
      throw new Rejection(
          Reason.BAD_TIME,
          "field " + role.name() + ": '" + shortened(text) + "' is no ISO 8601 date-time");
    }
    return millis;
  }

  private static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= 40 ? line : line.substring(0, 40) + "...";
  }

  /** A number as text: without a fraction where it has none, so that 7 and "7" are one word. */
  private static String plain(double value) {
    return value == StrictMath.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
