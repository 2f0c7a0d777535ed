package dev.sluice.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;

/**
 * The checksum of document and weights. Safetensors has none of its own, and a weight with one bit
 * changed is still a weight.
 */
final class Checksum {

  private static final int CHUNK_FLOATS = 8192;

  private Checksum() {}

  /** Returns SHA-256, in hexadecimal, of {@code document} and of all numbers of the tensors. */
  static String of(String document, Collection<Tensor> tensors) {
    MessageDigest digest = sha256();
    digest.update(document.getBytes(StandardCharsets.UTF_8));
    ByteBuffer chunk =
        ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    tensors.stream()
        .sorted(Comparator.comparing(Tensor::name))
        .forEach(tensor -> update(digest, tensor.data(), chunk));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(MessageDigest digest, float[] numbers, ByteBuffer chunk) {
    for (int at = 0; at < numbers.length; at += CHUNK_FLOATS) {
      int length = Math.min(CHUNK_FLOATS, numbers.length - at);
      chunk.clear();
      chunk.asFloatBuffer().put(numbers, at, length);
      digest.update(chunk.limit(length * Float.BYTES));
    }
  }

  /** Returns a digest to begin with. */
  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
