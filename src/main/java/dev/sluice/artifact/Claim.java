package dev.sluice.artifact;

import dev.sluice.model.Model;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * What a signature vouches for: that the artifact with this checksum is this version of this model.
 *
 * <p>The bytes that are signed, UTF-8, every line ended by a line feed:
 *
 * <pre>
 *   sluice model 1     what kind of claim this is, and its format
 *   {id}               the model
 *   {version}          from 1, decimal
 *   {size}             bytes of the artifact, decimal
 *   {sha256}           of the artifact, 64 lower-case hexadecimal digits
 * </pre>
 *
 * <p>All of it is signed, so a signature cannot be moved to other weights, nor to another version
 * or another model: an old version cannot be passed off as a new one. The first line keeps a
 * signature that the same key made for another purpose from being taken for this one.
 *
 * @param id the model, one line
 * @param version from 1
 * @param size bytes of the artifact, from 1
 * @param sha256 of the artifact, lower-case hexadecimal
 */
public record Claim(String id, int version, long size, String sha256) {

  private static final Pattern LINE = Pattern.compile("\\p{Graph}{1,256}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final int SHOWN_DIGITS = 12;

  /**
   * Checks that no other claim has the same bytes.
   *
   * @throws IllegalArgumentException if a part is out of range
   */
  public Claim {
    if (!LINE.matcher(id).matches() || version < 1 || size < 1) {
      throw new IllegalArgumentException(
          "model "
              + ArtifactException.quoted(id)
              + " version "
              + version
              + " of "
              + size
              + " bytes cannot be signed");
    }
    if (!SHA_256.matcher(sha256).matches()) {
      throw new IllegalArgumentException(
          "sha256 "
              + ArtifactException.quoted(sha256)
              + " is not 64 lower-case hexadecimal digits");
    }
  }

  /** Returns the claim that {@code artifact} is that version of that model. */
  public static Claim of(String id, int version, byte[] artifact) {
    String sha256 = HexFormat.of().formatHex(Checksum.sha256().digest(artifact));
    return new Claim(id, version, artifact.length, sha256);
  }

  /** Returns the claim that {@code artifact} is what the model in it says it is. */
  static Claim of(Model model, byte[] artifact) {
    return of(model.id(), model.version(), artifact);
  }

  /** Returns what is signed. */
  byte[] toBytes() {
    String text = "sluice model 1\n" + id + "\n" + version + "\n" + size + "\n" + sha256 + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the claim in a few words: {@code temps version 3 (sha256 ba7816bf8f01...)}. */
  @Override
  public String toString() {
    return id + " version " + version + " (sha256 " + sha256.substring(0, SHOWN_DIGITS) + "...)";
  }
}
