package dev.sluice.artifact;

import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The signature of a {@link Claim}, pure Ed25519 (RFC 8032). That one exists proves nothing: {@link
 * TrustedKeys} says whether it is one.
 *
 * @param keyId which key made it, as {@link VerifyingKey#id} has it; selects a key, proves nothing
 * @param ed25519 base64 of the 64 bytes
 */
public record ModelSignature(String keyId, String ed25519) {

  private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{16}");
  private static final int BYTES = 64;

  /**
   * Checks the form.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public ModelSignature {
    if (!KEY_ID.matcher(keyId).matches()) {
      throw new IllegalArgumentException(
          "keyId is "
              + ArtifactException.quoted(keyId)
              + ". 16 lower-case hexadecimal digits are expected");
    }
    int length;
    try {
      length = Base64.getDecoder().decode(ed25519).length;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("ed25519 is not base64", e);
    }
    if (length != BYTES) {
      throw new IllegalArgumentException(
          "ed25519 has " + length + " bytes. " + BYTES + " are expected");
    }
  }

  static ModelSignature of(String keyId, byte[] bytes) {
    return new ModelSignature(keyId, Base64.getEncoder().encodeToString(bytes));
  }

  byte[] bytes() {
    return Base64.getDecoder().decode(ed25519);
  }
}
