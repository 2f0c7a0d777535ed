package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.because;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.untrusted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An artifact as a file, read once, and the signature that may lie beside it.
 *
 * <p>The signature is detached, so that the artifact's bytes, and what other programs make of them,
 * stay the same. It is a file of its own, called as the artifact with {@value #SUFFIX} behind, and
 * holds one JSON object of at most {@value #MAX_SIGNATURE_BYTES} bytes:
 *
 * <pre>
 *   field     type     meaning
 *   format    integer  1
 *   id        string   the model       \
 *   version   integer  from 1           | the {@link Claim} that was signed, for people and for
 *   size      integer  of the artifact  | messages; what is verified is the claim of the artifact
 *   sha256    string   of the artifact /
 *   keyId     string   16 lower-case hexadecimal digits
 *   ed25519   string   base64 of 64 bytes
 * </pre>
 */
public final class ArtifactFile {

  /** What a signature file is called besides its artifact's name. */
  public static final String SUFFIX = ".sig";

  /** A longer signature file is refused. */
  static final int MAX_SIGNATURE_BYTES = 4096;

  private static final int FORMAT = 1;
  private static final String SIGN_AGAIN = "Sign the artifact again: sluice models sign";
  private static final JsonFactory JSON = new JsonFactory();

  private final Path path;
  private final byte[] bytes;
  private final Model model;

  private ArtifactFile(Path path, byte[] bytes) {
    this.path = path;
    this.bytes = bytes;
    this.model = ArtifactReader.read(bytes, path.toString());
  }

  /**
   * Reads an artifact.
   *
   * @throws ArtifactException if it cannot be read, is not sound, or holds no model
   */
  public static ArtifactFile read(Path path) {
    return new ArtifactFile(path, Safetensors.readBytes(path));
  }

  /** Returns where the signature of the artifact at {@code path} is. */
  public static Path signaturePath(Path path) {
    return path.resolveSibling(path.getFileName() + SUFFIX);
  }

  /**
   * Signs the artifact at {@code path}; another signature that is there is replaced.
   *
   * @return what was signed
   */
  public static Claim sign(Path path, byte[] artifact, Model model, SigningKey key)
      throws IOException {
    Claim claim = Claim.of(model, artifact);
    Files.writeString(signaturePath(path), text(claim, key.sign(claim)));
    return claim;
  }

  /** Returns the whole file, live. */
  public byte[] bytes() {
    return bytes;
  }

  /** Returns the model in it. */
  public Model model() {
    return model;
  }

  /** Returns what a signature of it must vouch for. */
  public Claim claim() {
    return Claim.of(model, bytes);
  }

  /**
   * Signs it; another signature that is there is replaced.
   *
   * @return what was signed
   */
  public Claim sign(SigningKey key) throws IOException {
    return sign(path, bytes, model, key);
  }

  /**
   * Returns the signature that lies beside it, unproven; empty if none does.
   *
   * @throws ArtifactException if what lies there is no signature, or that of something else
   */
  public Optional<ModelSignature> signature() {
    Path file = signaturePath(path);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    byte[] read = FileBytes.read(file, MAX_SIGNATURE_BYTES, "signature of an artifact");
    String text = new String(read, StandardCharsets.UTF_8);
    JsonObject object = JsonObject.parse(text, file.toString(), "it", SIGN_AGAIN);
    return Optional.of(parse(object, file.toString()));
  }

  /**
   * Requires that a trusted key signed it.
   *
   * @return the key
   * @throws ArtifactException if none did
   */
  public VerifyingKey require(TrustedKeys trusted) {
    return trusted.require(path.toString(), claim(), signature());
  }

  private ModelSignature parse(JsonObject object, String where) {
    object.count("format", FORMAT, FORMAT);
    try {
      var signed =
          new Claim(
              object.text("id"),
              object.count("version", 1, Integer.MAX_VALUE),
              object.whole("size"),
              object.text("sha256"));
      var signature = new ModelSignature(object.text("keyId"), object.text("ed25519"));
      object.end();
      Claim claim = claim();
      if (!signed.equals(claim)) {
        throw untrusted(
            where,
            "it is the signature of " + signed + ", and beside it lies " + claim,
            SIGN_AGAIN + ", if it is the one you mean");
      }
      return signature;
    } catch (IllegalArgumentException e) {
      throw invalid(where, because(e), SIGN_AGAIN);
    }
  }

  private static String text(Claim claim, ModelSignature signature) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("format", FORMAT);
      json.writeStringField("id", claim.id());
      json.writeNumberField("version", claim.version());
      json.writeNumberField("size", claim.size());
      json.writeStringField("sha256", claim.sha256());
      json.writeStringField("keyId", signature.keyId());
      json.writeStringField("ed25519", signature.ed25519());
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text + "\n";
  }
}
