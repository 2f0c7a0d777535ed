package dev.sluice.text;

import java.util.Locale;
import java.util.Optional;

/** What of a token is looked up in a vocabulary: all of it, or a part that new words share. */
public enum TokenView {
  /** The token as it is. */
  WORD("word"),
  /** In lower case, every digit as 0. */
  PLAIN("plain"),
  /** The first two characters of {@link #PLAIN}. */
  PREFIX_2("prefix-2"),
  /** The first three. */
  PREFIX_3("prefix-3"),
  /** The last two characters of {@link #PLAIN}. */
  SUFFIX_2("suffix-2"),
  /** The last three. */
  SUFFIX_3("suffix-3"),
  /** The kinds of its characters, {@code Xxd} for {@code Boeing747}. */
  SHAPE("shape");

  private final String id;

  TokenView(String id) {
    this.id = id;
  }

  /** Returns what it is called in topologies and artifacts. */
  public String id() {
    return id;
  }

  /** Returns the view that is called {@code id}. */
  public static Optional<TokenView> named(String id) {
    for (TokenView view : values()) {
      if (view.id.equals(id)) {
        return Optional.of(view);
      }
    }
    return Optional.empty();
  }

  /** Returns what this view shows of {@code token}; a short token is its own prefix and suffix. */
  public String of(String token) {
    return switch (this) {
      case WORD -> token;
      case PLAIN -> plain(token);
      case PREFIX_2 -> first(plain(token), 2);
      case PREFIX_3 -> first(plain(token), 3);
      case SUFFIX_2 -> last(plain(token), 2);
      case SUFFIX_3 -> last(plain(token), 3);
      case SHAPE -> shape(token);
    };
  }

  private static String plain(String token) {
    String lower = token.toLowerCase(Locale.ROOT);
    StringBuilder masked = null;
    for (int i = 0; i < lower.length(); i++) {
      if (Character.isDigit(lower.charAt(i))) {
        masked = masked == null ? new StringBuilder(lower) : masked;
        masked.setCharAt(i, '0');
      }
    }
    return masked == null ? lower : masked.toString();
  }

  private static String first(String text, int count) {
    return text.substring(0, Math.min(count, text.length()));
  }

  private static String last(String text, int count) {
    return text.substring(Math.max(0, text.length() - count));
  }

  private static String shape(String token) {
    var shape = new StringBuilder();
    for (int i = 0; i < token.length(); i++) {
      char kind = kind(token.charAt(i));
      if (shape.isEmpty() || shape.charAt(shape.length() - 1) != kind) {
        shape.append(kind);
      }
    }
    return shape.toString();
  }

  private static char kind(char c) {
    if (Character.isDigit(c)) {
      return 'd';
    }
    if (Character.isLetter(c)) {
      return Character.isUpperCase(c) ? 'X' : 'x';
    }
    return c;
  }
}
