package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.invalid;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Set;

/**
 * A private Ed25519 key: whoever has it can make the instances that trust it score with any weights
 * he likes. It is read from a file (PKCS #8, PEM, as {@code openssl genpkey -algorithm ed25519}
 * writes it too), and leaves this class only into one.
 */
public final class SigningKey {

  private final PrivateKey secret;
  private final VerifyingKey verifying;

  private SigningKey(PrivateKey secret, VerifyingKey verifying) {
    this.secret = secret;
    this.verifying = verifying;
  }

  /** Makes a new key from the randomness of the operating system. */
  public static SigningKey generate() {
    KeyPair pair = Ed25519.generate();
    return new SigningKey(pair.getPrivate(), VerifyingKey.of(pair.getPublic()));
  }

  /**
   * Reads a key.
   *
   * @throws ArtifactException if the file cannot be read or holds no Ed25519 private key; the
   *     message repeats nothing of what it holds
   */
  public static SigningKey read(Path file) {
    var spec = new PKCS8EncodedKeySpec(Pem.read(file, Pem.PRIVATE));
    EdECPrivateKey secret =
        Ed25519.privateKey(spec)
            .orElseThrow(
                () ->
                    invalid(
                        file.toString(),
                        Ed25519.otherKind(spec, false)
                            .map(kind -> "it is a private key of kind " + kind + ", not Ed25519")
                            .orElse("it is no Ed25519 private key"),
                        "Make one with: sluice models keygen"));
    return new SigningKey(secret, VerifyingKey.of(Ed25519.publicKeyOf(secret)));
  }

  /**
   * Writes the key into a new file that only its owner may read or write, from its first moment on.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something is there: a key that is lost
   *     cannot be made again
   * @throws UnsupportedOperationException if the file system knows no owners
   * @throws IOException if it cannot be written; nothing is left then
   */
  public void write(Path file) throws IOException {
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    String text = Pem.write(Pem.PRIVATE, secret.getEncoded());
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    try (SeekableByteChannel out = Files.newByteChannel(file, create, ownerOnly)) {
      writeAll(out, bytes, file);
    }
  }

  /** Half a key is worth nothing, and would be in the way of a whole one. */
  private static void writeAll(SeekableByteChannel out, ByteBuffer bytes, Path file)
      throws IOException {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** Returns the id of the key, which its public half shares. */
  public String id() {
    return verifying.id();
  }

  /** Returns the public half. */
  public VerifyingKey verifying() {
    return verifying;
  }

  /** Vouches for {@code claim}; the same key and claim give the same signature. */
  public ModelSignature sign(Claim claim) {
    return ModelSignature.of(id(), Ed25519.sign(secret, claim.toBytes()));
  }

  /** Says nothing secret. */
  @Override
  public String toString() {
    return "signing key " + id();
  }
}
