package dev.sluice.event;

import org.jspecify.annotations.Nullable;

/**
 * Texts that came lately, so that the few words of a category are not made anew for every event.
 * Each has one place; another one with the same place drives it out.
 */
public final class Words {

  private static final int PLACES = 1024;

  /** Longer texts are hardly words. */
  private static final int MOST_BYTES = 64;

  private final Slice slice = new Slice();
  private final byte[] @Nullable [] keys = new byte[PLACES][];
  private final @Nullable String[] texts = new @Nullable String[PLACES];

  /** Returns the text of UTF-8 from {@code from} up to {@code to}. */
  public String text(byte[] utf8, int from, int to) {
    return text(slice.at(utf8, from, to));
  }

  /** Returns the text of UTF-8. */
  String text(Slice utf8) {
    if (utf8.length() > MOST_BYTES) {
      return utf8.toString();
    }
    int hash = utf8.length();
    for (int i = 0; i < utf8.length(); i++) {
      hash = 31 * hash + utf8.charAt(i);
    }
    int place = (hash ^ hash >>> 16) & PLACES - 1;
    byte[] key = keys[place];
    String text = texts[place];
    if (key == null || text == null || !utf8.is(key)) {
      text = utf8.toString();
      keys[place] = utf8.copy();
      texts[place] = text;
    }
    return text;
  }
}
