package dev.sluice.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.artifact.ArtifactException;
import dev.sluice.artifact.Claim;
import dev.sluice.artifact.ModelSignature;
import dev.sluice.artifact.TrustedKeys;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What the chunks of one version must add up to.
 *
 * <p>Stored as one JSON object, at most {@value #MAX_BYTES} bytes:
 *
 * <pre>
 *   field            type     meaning
 *   format           integer  1
 *   id               string   the model, as in the record key
 *   version          integer  from 1, as in the record key
 *   size             integer  bytes of the artifact, from 1
 *   chunks           integer  ceil(size / chunkSize), at most {@value WeightsTopic#MAX_CHUNKS}
 *   chunkSize        integer  bytes of every chunk but the last, at most {@value
 *                             WeightsTopic#CHUNK_BYTES}
 *   sha256           string   of the artifact, 64 lower-case hexadecimal digits
 *   createdAtMillis  integer  epoch milliseconds
 *   signature        object   optional: keyId (string, 16 hexadecimal digits), ed25519 (string,
 *                             base64 of 64 bytes), which sign the {@link Claim} of id, version,
 *                             size and sha256
 * </pre>
 *
 * <p>Not signed are the cut into chunks and the time, which decide nothing: whatever the cut, the
 * bytes must have that size and checksum.
 *
 * @param size bytes of the artifact
 * @param chunks how many records carry it
 * @param chunkSize bytes of every chunk but the last
 * @param sha256 lower-case hexadecimal
 * @param createdAtMillis when it was published, epoch milliseconds
 * @param signature who vouches for it; {@link dev.sluice.artifact.TrustedKeys} says whether it does
 */
public record Manifest(
    String id,
    int version,
    long size,
    int chunks,
    int chunkSize,
    String sha256,
    long createdAtMillis,
    Optional<ModelSignature> signature) {

  /** Longer ones are refused unread. */
  static final int MAX_BYTES = 64 << 10;

  private static final int FORMAT = 1;
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks that the numbers agree with each other.
   *
   * @throws WeightsException saying which does not
   */
  public Manifest {
    WeightsKey.requireId(id);
    String where = where(id, version);
    requireRange(where, "version", version, WeightsKey.MAX_VERSION);
    requireRange(where, "size", size, (long) WeightsTopic.MAX_CHUNKS * WeightsTopic.CHUNK_BYTES);
    requireRange(where, "chunks", chunks, WeightsTopic.MAX_CHUNKS);
    requireRange(where, "chunkSize", chunkSize, WeightsTopic.CHUNK_BYTES);
    long expected = (size + chunkSize - 1) / chunkSize;
    if (chunks != expected) {
      throw new WeightsException(
          where
              + ": "
              + size
              + " bytes in chunks of "
              + chunkSize
              + " are "
              + expected
              + " chunks, not "
              + chunks);
    }
    if (!SHA_256.matcher(sha256).matches()) {
      throw new WeightsException(
          where + ": sha256 is '" + sha256 + "'. 64 lower-case hexadecimal digits are expected");
    }
  }

  /** Returns the unsigned manifest of an artifact in chunks of the usual size. */
  static Manifest of(String id, int version, byte[] artifact, long createdAtMillis) {
    int chunkSize = WeightsTopic.CHUNK_BYTES;
    int chunks = (artifact.length + chunkSize - 1) / chunkSize;
    return new Manifest(
        id,
        version,
        artifact.length,
        chunks,
        chunkSize,
        sha256(artifact),
        createdAtMillis,
        Optional.empty());
  }

  /** Returns this manifest with another signature. */
  Manifest withSignature(Optional<ModelSignature> other) {
    return new Manifest(id, version, size, chunks, chunkSize, sha256, createdAtMillis, other);
  }

  /** Returns what a signature of it must vouch for. */
  public Claim claim() {
    return new Claim(id, version, size, sha256);
  }

  /**
   * Requires that a trusted key signed it.
   *
   * @throws WeightsException saying what is wrong with its signature
   */
  public void requireSignedBy(TrustedKeys trusted) {
    try {
      trusted.require(id + " version " + version, claim(), signature);
    } catch (ArtifactException e) {
      throw new WeightsException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Returns the SHA-256 of {@code bytes} in lower-case hexadecimal. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256, this one has not", e);
    }
  }

  /** Returns how many bytes chunk {@code index} must have. */
  int chunkLength(int index) {
    return index < chunks - 1 ? chunkSize : (int) (size - (long) (chunks - 1) * chunkSize);
  }

  /** Returns the stored form. */
  byte[] toBytes() {
    ObjectNode node =
        Json.object()
            .put("format", FORMAT)
            .put("id", id)
            .put("version", version)
            .put("size", size)
            .put("chunks", chunks)
            .put("chunkSize", chunkSize)
            .put("sha256", sha256)
            .put("createdAtMillis", createdAtMillis);
    if (signature.isPresent()) {
      ModelSignature given = signature.get();
      node.putObject("signature").put("keyId", given.keyId()).put("ed25519", given.ed25519());
    }
    return Json.bytes(node);
  }

  /**
   * Reads the stored form.
   *
   * @param id the model the record key names
   * @param version the version the record key names
   * @throws WeightsException saying what is wrong with it
   */
  static Manifest parse(String id, int version, byte[] bytes) {
    String where = where(id, version);
    JsonNode node = Json.parse(where, bytes, MAX_BYTES);
    Json.requireFormat(where, node, FORMAT);
    requireSame(where, "id", id, Json.text(where, node, "id"));
    long stored = Json.wholeNumber(where, node, "version", 1, WeightsKey.MAX_VERSION);
    requireSame(where, "version", Integer.toString(version), Long.toString(stored));
    long maxBytes = (long) WeightsTopic.MAX_CHUNKS * WeightsTopic.CHUNK_BYTES;
    return new Manifest(
        id,
        version,
        Json.wholeNumber(where, node, "size", 1, maxBytes),
        (int) Json.wholeNumber(where, node, "chunks", 1, WeightsTopic.MAX_CHUNKS),
        (int) Json.wholeNumber(where, node, "chunkSize", 1, WeightsTopic.CHUNK_BYTES),
        Json.text(where, node, "sha256"),
        Json.wholeNumber(where, node, "createdAtMillis", Long.MIN_VALUE, Long.MAX_VALUE),
        signature(where, node.path("signature")));
  }

  static void requireSame(String where, String field, String expected, String found) {
    if (!expected.equals(found)) {
      throw new WeightsException(
          where + ": " + field + " is " + found + ". " + expected + ", as in its key, is expected");
    }
  }

  private static String where(String id, int version) {
    return "manifest of " + id + " version " + version;
  }

  private static void requireRange(String where, String field, long value, long max) {
    if (value < 1 || value > max) {
      throw new WeightsException(
          where + ": " + field + " is " + value + ". A number from 1 to " + max + " is expected");
    }
  }

  private static Optional<ModelSignature> signature(String where, JsonNode node) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.empty();
    }
    String keyId = Json.text(where, node, "keyId");
    String ed25519 = Json.text(where, node, "ed25519");
    try {
      return Optional.of(new ModelSignature(keyId, ed25519));
    } catch (IllegalArgumentException e) {
      throw new WeightsException(where + ": signature: " + e.getMessage(), e);
    }
  }
}
