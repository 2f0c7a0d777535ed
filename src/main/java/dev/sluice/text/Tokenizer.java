package dev.sluice.text;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;

/**
 * Cuts text into tokens, which a {@link Vocabulary} numbers. In linear time, whatever the text.
 *
 * <p>All but {@link #BYTES} read text in Unicode's normalisation form C, so that an accent is the
 * same whether it came as one character or two. Nothing depends on a locale.
 */
public enum Tokenizer {
  /**
   * The bytes of UTF-8: 256 tokens and none unknown. Printable ASCII stands for itself, another
   * byte is {@code <0xE2>}.
   */
  BYTES,
  /**
   * The characters of Unicode, blanks among them. What looks like one may be several: the parts of
   * an emoji of a family, an accent that has no composed form.
   */
  CHARACTERS,
  /**
   * Words: letters, digits, marks and underscores in a row, with apostrophes inside; each other
   * character but white space is a token of its own. In scripts without blanks between words, a run
   * of letters is one.
   */
  WORDS,
  /** {@link #WORDS} in lower case. */
  LOWER_WORDS,
  /** What stands between white space, for text that was cut before. */
  BLANKS;

  private static final int ASCII = 0x80;
  private static final int APOSTROPHE = '\'';
  private static final String[] NAMES = names();

  /** Takes tokens. */
  public interface Sink {

    /** Takes a token that is part of an array, valid during this call; UTF-8. */
    void token(byte[] utf8, int from, int to);

    /** Takes a token. */
    void token(String token);
  }

  private static String[] names() {
    String[] names = new String[256];
    for (int value = 0; value < names.length; value++) {
      boolean plain = value >= ' ' && value < 0x7f;
      names[value] =
          plain
              ? Character.toString(value)
              : "<0x"
                  + Integer.toHexString(0x100 | value).substring(1).toUpperCase(Locale.ROOT)
                  + ">";
    }
    return names;
  }

  /**
   * Cuts a text.
   *
   * @param utf8 the text, from {@code from} up to {@code to}; what is no UTF-8 counts as U+FFFD
   * @param sink takes the tokens, in order
   */
  public void cut(byte[] utf8, int from, int to, Sink sink) {
    if (this == BYTES) {
      for (int i = from; i < to; i++) {
        sink.token(NAMES[utf8[i] & 0xff]);
      }
      return;
    }
    if (!isAscii(utf8, from, to)) {
      String text = new String(utf8, from, to - from, StandardCharsets.UTF_8);
      String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
      cut(this == LOWER_WORDS ? composed.toLowerCase(Locale.ROOT) : composed, sink);
    } else if (this == CHARACTERS) {
      for (int i = from; i < to; i++) {
        sink.token(utf8, i, i + 1);
      }
    } else if (this == LOWER_WORDS && hasCapitals(utf8, from, to)) {
      asciiWords(lower(utf8, from, to), 0, to - from, sink);
    } else {
      asciiWords(utf8, from, to, sink);
    }
  }

  private static boolean isAscii(byte[] utf8, int from, int to) {
    int all = 0;
    for (int i = from; i < to; i++) {
      all |= utf8[i];
    }
    return (all & ASCII) == 0;
  }

  private static boolean hasCapitals(byte[] ascii, int from, int to) {
    boolean has = false;
    for (int i = from; i < to; i++) {
      has |= ascii[i] >= 'A' && ascii[i] <= 'Z';
    }
    return has;
  }

  private static byte[] lower(byte[] ascii, int from, int to) {
    byte[] lower = new byte[to - from];
    for (int i = 0; i < lower.length; i++) {
      byte b = ascii[from + i];
      lower[i] = (byte) (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b);
    }
    return lower;
  }

  /** Of ASCII what {@link #cut(String, Sink)} makes of any text, without making it one. */
  private void asciiWords(byte[] utf8, int from, int to, Sink sink) {
    int start = from;
    while (start < to) {
      int c = utf8[start];
      int end = start + 1;
      if (begins(c)) {
        while (end < to && goesOn(utf8[end], end + 1 < to ? utf8[end + 1] : ' ')) {
          end++;
        }
      }
      if (!isBlank(c)) {
        sink.token(utf8, start, end);
      }
      start = end;
    }
  }

  private void cut(String text, Sink sink) {
    int start = 0;
    while (start < text.length()) {
      int c = text.codePointAt(start);
      int end = start + Character.charCount(c);
      if (begins(c)) {
        while (end < text.length() && goesOn(text.codePointAt(end), after(text, end))) {
          end += Character.charCount(text.codePointAt(end));
        }
      }
      if (this == CHARACTERS || !isBlank(c)) {
        sink.token(text.substring(start, end));
      }
      start = end;
    }
  }

  private static int after(String text, int at) {
    int next = at + Character.charCount(text.codePointAt(at));
    return next < text.length() ? text.codePointAt(next) : ' ';
  }

  /** Returns whether a token that begins so may have more than one character. */
  private boolean begins(int c) {
    return this == BLANKS ? !isBlank(c) : this != CHARACTERS && isOfWord(c);
  }

  private boolean goesOn(int c, int next) {
    return this == BLANKS ? !isBlank(c) : isOfWord(c) || c == APOSTROPHE && isOfWord(next);
  }

  private static boolean isOfWord(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK ->
          true;
      default -> Character.isLetterOrDigit(c) || c == '_';
    };
  }

  private static boolean isBlank(int c) {
    return c <= ' ' || c == 0x7f || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
