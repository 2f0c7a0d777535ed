package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.invalid;

import java.nio.file.Path;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A public Ed25519 key: who has it can tell whether the {@link SigningKey} that belongs to it made
 * a signature, and can make none. No secret.
 *
 * <p>Its form is that of X.509 (RFC 8410), 44 bytes: as base64 one line of 60 characters, which is
 * what a topology lists, and all there is between the two lines of a PEM file.
 */
public final class VerifyingKey {

  private static final int ID_BYTES = 8;
  private static final String MAKE = "Make one with: sluice models keygen";

  private final PublicKey key;
  private final String id;

  private VerifyingKey(PublicKey key) {
    this.key = key;
    byte[] digest = Checksum.sha256().digest(key.getEncoded());
    this.id = HexFormat.of().formatHex(digest, 0, ID_BYTES);
  }

  /** Wraps a key of the JDK's that is known to be sound. */
  static VerifyingKey of(PublicKey key) {
    return new VerifyingKey(key);
  }

  /**
   * Reads the one line of a topology.
   *
   * @param where it stands, for messages
   * @throws ArtifactException if it is no Ed25519 public key
   */
  public static VerifyingKey parse(String base64, String where) {
    try {
      return ofDer(Base64.getDecoder().decode(base64), where);
    } catch (IllegalArgumentException _) {
      throw corrupt(where, "it is not base64", "Copy the key again, one line of 60 characters");
    }
  }

  /**
   * Reads a PEM file.
   *
   * @throws ArtifactException if it cannot be read or is no Ed25519 public key
   */
  public static VerifyingKey read(Path file) {
    return ofDer(Pem.read(file, Pem.PUBLIC), file.toString());
  }

  private static VerifyingKey ofDer(byte[] der, String where) {
    var spec = new X509EncodedKeySpec(der);
    PublicKey key =
        Ed25519.publicKey(spec)
            .orElseThrow(
                () ->
                    invalid(
                        where,
                        Ed25519.otherKind(spec, true)
                            .map(kind -> "it is a public key of kind " + kind + ", not Ed25519")
                            .orElse("it is no Ed25519 public key"),
                        MAKE));
    return of(key);
  }

  /**
   * Returns the first 8 bytes of the SHA-256 of the key in X.509 form, in hexadecimal. Tells keys
   * apart; a signature is never believed because of it.
   */
  public String id() {
    return id;
  }

  /** Returns the line that a topology lists. */
  public String base64() {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  /** Returns the text of a PEM file. */
  public String pem() {
    return Pem.write(Pem.PUBLIC, key.getEncoded());
  }

  /** Returns whether the private key that belongs to this one signed {@code claim}. */
  public boolean verifies(Claim claim, ModelSignature signature) {
    return Ed25519.verifies(key, claim.toBytes(), signature.bytes());
  }

  @Override
  public String toString() {
    return "key " + id;
  }
}
