package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.quoted;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A key as text (RFC 7468): base64 between two lines that name what it is. No message about a
 * private key repeats a part of it.
 */
final class Pem {

  /** Label of a private key in PKCS #8. */
  static final String PRIVATE = "PRIVATE KEY";

  /** Label of a public key in X.509. */
  static final String PUBLIC = "PUBLIC KEY";

  /** Longest file: a key of ours has about 120 bytes, an RSA key of 16,384 bits 13,000. */
  static final int MAX_BYTES = 16 << 10;

  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String CHECK = "It is damaged or no key; check the path";
  private static final int LINE_CHARS = 64;
  private static final Pattern LABEL = Pattern.compile("[A-Z0-9][A-Z0-9 ]{0,40}");

  private Pem() {}

  /** Returns {@code der} as text. */
  static String write(String label, byte[] der) {
    var encoder = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'});
    return BEGIN
        + label
        + DASHES
        + "\n"
        + encoder.encodeToString(der)
        + "\n"
        + END
        + label
        + DASHES
        + "\n";
  }

  /**
   * Reads a file that holds one key and nothing else.
   *
   * @param label what it must be
   * @return the key, DER
   * @throws ArtifactException if it is anything else
   */
  static byte[] read(Path file, String label) {
    String where = file.toString();
    byte[] bytes = FileBytes.read(file, MAX_BYTES, "key file");
    String text = new String(bytes, StandardCharsets.ISO_8859_1).strip();
    int lineEnd = Math.max(BEGIN.length(), text.indexOf(DASHES, BEGIN.length()));
    String found = text.startsWith(BEGIN) ? text.substring(BEGIN.length(), lineEnd) : "";
    if (!LABEL.matcher(found).matches()) {
      throw corrupt(where, "it does not begin with a line " + BEGIN + label + DASHES, CHECK);
    }
    if (!found.equals(label)) {
      throw invalid(where, "it holds a " + quoted(found), remedy(found, label));
    }
    String end = END + label + DASHES;
    int bodyEnd = text.length() - end.length();
    int bodyStart = lineEnd + DASHES.length();
    if (bodyEnd < bodyStart || !text.endsWith(end)) {
      throw corrupt(where, "it does not end with a line " + end, CHECK);
    }
    String body = text.substring(bodyStart, bodyEnd).replaceAll("[\r\n\t ]", "");
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException _) {
      // Its message, and so its trace, would quote a character of the key.
      throw corrupt(where, "what is between its two lines is not base64", CHECK);
    }
  }

  private static String remedy(String found, String label) {
    if (found.equals("ENCRYPTED PRIVATE KEY")) {
      return "Sluice asks for no passphrase: decrypt it with openssl pkey into a file that only"
          + " this user may read";
    }
    String file = label.equals(PUBLIC) ? "its .pub file" : "the private key, not its .pub file";
    return "A " + label + " is expected: give " + file + " as sluice models keygen writes it";
  }
}
