package dev.sluice.artifact;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.List;
import java.util.Optional;

/** The JDK's Ed25519, without the exceptions that cannot be. */
final class Ed25519 {

  private static final String NAME = "Ed25519";
  private static final List<String> OTHERS =
      List.of("Ed448", "X25519", "X448", "RSA", "EC", "DSA", "DH", "ML-DSA");
  private static final String EVERY_JDK = "every JDK has Ed25519";

  private Ed25519() {}

  static KeyPair generate() {
    return generator().generateKeyPair();
  }

  static byte[] sign(PrivateKey key, byte[] message) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initSign(key);
      signature.update(message);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("a key that was checked can sign", e);
    }
  }

  static boolean verifies(PublicKey key, byte[] message, byte[] signed) {
    try {
      Signature signature = Signature.getInstance(NAME);
      signature.initVerify(key);
      signature.update(message);
      return signature.verify(signed);
    } catch (SignatureException | InvalidKeyException _) {
      return false; // Out of range: no key ever made it.
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(EVERY_JDK, e);
    }
  }

  /** Returns the private key, or nothing if it is of another kind or damaged. */
  static Optional<EdECPrivateKey> privateKey(KeySpec pkcs8) {
    try {
      PrivateKey key = factory().generatePrivate(pkcs8);
      return key instanceof EdECPrivateKey ed && ed.getBytes().isPresent()
          ? Optional.of(ed)
          : Optional.empty();
    } catch (InvalidKeySpecException _) {
      return Optional.empty();
    }
  }

  /** Returns the public key, or nothing if it is of another kind, damaged or not on the curve. */
  static Optional<PublicKey> publicKey(KeySpec x509) {
    try {
      PublicKey key = factory().generatePublic(x509);
      Signature.getInstance(NAME).initVerify(key);
      return Optional.of(key);
    } catch (InvalidKeySpecException | InvalidKeyException _) {
      return Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(EVERY_JDK, e);
    }
  }

  /**
   * Returns the public key that belongs to a private one, which PKCS #8 leaves out.
   *
   * <p>The JDK computes it only while it makes a pair, so a pair is made again from the same seed;
   * that it is the right one is then proven with a signature.
   */
  static PublicKey publicKeyOf(EdECPrivateKey key) {
    byte[] seed = key.getBytes().orElseThrow();
    KeyPairGenerator generator = generator();
    generator.initialize(seed.length * Byte.SIZE - 1, new Seed(seed));
    PublicKey computed = generator.generateKeyPair().getPublic();
    byte[] probe = new byte[1];
    if (!verifies(computed, probe, sign(key, probe))) {
      throw new IllegalStateException("This JDK does not make a pair from a seed as RFC 8032 says");
    }
    return computed;
  }

  /** Returns what kind of key it is instead: {@code RSA}; empty if it is no key at all. */
  static Optional<String> otherKind(KeySpec spec, boolean isPublic) {
    for (String kind : OTHERS) {
      try {
        KeyFactory other = KeyFactory.getInstance(kind);
        Object _ = isPublic ? other.generatePublic(spec) : other.generatePrivate(spec);
        return Optional.of(kind);
      } catch (GeneralSecurityException _) {
        // Not this one either.
      }
    }
    return Optional.empty();
  }

  private static KeyFactory factory() {
    try {
      return KeyFactory.getInstance(NAME);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(EVERY_JDK, e);
    }
  }

  private static KeyPairGenerator generator() {
    try {
      return KeyPairGenerator.getInstance(NAME);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(EVERY_JDK, e);
    }
  }

  /** Gives the bytes of a seed that was drawn at random long ago. */
  private static final class Seed extends SecureRandom {

    private static final long serialVersionUID = 1L;

    private final transient byte[] seed;

    Seed(byte[] seed) {
      this.seed = seed;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
