package dev.sluice.artifact;

import com.fasterxml.jackson.core.JsonProcessingException;

/**
 * An artifact, or a key or a signature that goes with it, is refused. The message says where, what
 * was found, and what to do about it: {@code temps.safetensors: the header says 9,000,000 bytes,
 * the file has 120. It is truncated or not safetensors; copy it again}.
 *
 * <p>Text taken from the file is cut short and stripped of control characters, so that a message
 * may be logged as it is.
 */
public final class ArtifactException extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MAX_QUOTED_CHARS = 80;
  private static final int MAX_CAUSE_CHARS = 400;

  private final Fault fault;

  ArtifactException(Fault fault, String where, String problem, String remedy) {
    super(where + ": " + problem + ". " + remedy);
    this.fault = fault;
  }

  /** Returns what kind of refusal this is. */
  public Fault fault() {
    return fault;
  }

  /** The bytes are not what they claim to be. */
  static ArtifactException corrupt(String where, String problem, String remedy) {
    return new ArtifactException(Fault.CORRUPT, where, problem, remedy);
  }

  /** The bytes are sound, and say something that is not a model. */
  static ArtifactException invalid(String where, String problem, String remedy) {
    return new ArtifactException(Fault.INVALID, where, problem, remedy);
  }

  /** Nobody who is trusted vouches for the bytes. */
  static ArtifactException untrusted(String where, String problem, String remedy) {
    return new ArtifactException(Fault.UNTRUSTED, where, problem, remedy);
  }

  /** Returns {@code text} in quotes, on one line and at most 80 characters of it. */
  static String quoted(String text) {
    return "\"" + printable(text) + "\"";
  }

  /** Returns {@code text} on one line and at most 80 characters of it. */
  static String printable(String text) {
    return oneLine(text, MAX_QUOTED_CHARS);
  }

  /** Returns the message of {@code cause} on one line and at most 400 characters of it. */
  static String because(Exception cause) {
    String text =
        cause instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : cause.getMessage();
    return text == null ? cause.getClass().getSimpleName() : oneLine(text, MAX_CAUSE_CHARS);
  }

  private static String oneLine(String text, int maxChars) {
    int end = Math.min(text.length(), maxChars);
    var line = new StringBuilder(end + 3);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean breaksLines = Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
      line.append(breaksLines || Character.isSurrogate(c) ? '?' : c);
    }
    return end < text.length() ? line.append("...").toString() : line.toString();
  }

  /** Returns {@code number} with its thousands set apart: {@code 9,000,000}. */
  static String grouped(long number) {
    var text = new StringBuilder(Long.toString(number));
    int first = number < 0 ? 1 : 0;
    for (int i = text.length() - 3; i > first; i -= 3) {
      text.insert(i, ',');
    }
    return text.toString();
  }

  /** Why an artifact is refused. */
  public enum Fault {
    /** The file cannot be opened or read. */
    UNREADABLE,
    /** The bytes are cut, changed, or not safetensors at all. */
    CORRUPT,
    /** Written by a Sluice whose format is no longer read. */
    TOO_OLD,
    /** Written by a Sluice newer than this one. */
    TOO_NEW,
    /** A sound file that does not hold a model, or a key, that this Sluice can use. */
    INVALID,
    /** Not signed, not by a key that is trusted, or signed as something else. */
    UNTRUSTED
  }
}
