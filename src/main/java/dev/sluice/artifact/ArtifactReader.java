package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.because;
import static dev.sluice.artifact.ArtifactException.corrupt;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.quoted;

import dev.sluice.artifact.ArtifactException.Fault;
import dev.sluice.model.Model;
import java.nio.file.Path;

/** {@link ArtifactWriter}'s inverse: a model from the bytes of one safetensors file. */
public final class ArtifactReader {

  /** Oldest version of the format that is still read. */
  public static final int OLDEST_FORMAT = 1;

  /** What to do with a model that is none. */
  static final String AGAIN = "Train or export the model again";

  private ArtifactReader() {}

  /**
   * Reads the model in the file at {@code path}.
   *
   * @throws ArtifactException if it cannot be read, is not sound, or holds no model
   */
  public static Model read(Path path) {
    return read(Safetensors.readBytes(path), path.toString());
  }

  /**
   * Reads a model.
   *
   * @param bytes the whole file; not kept
   * @param where the file or topic it came from, for messages
   * @throws ArtifactException if it is not sound, or holds no model
   */
  public static Model read(byte[] bytes, String where) {
    TensorFile file = Safetensors.read(bytes, where);
    JsonObject document = document(file, where);
    if (MessageArtifact.isOfMessages(document)) {
      throw invalid(
          where,
          "the file holds a model of messages, where one of events is needed",
          "Name another file, or publish it to another topic");
    }
    checkFormat(document.whole("format"), ArtifactWriter.FORMAT, where);
    checkSound(file, where);
    try {
      return DocumentReader.read(document, new TensorTable(file, where));
    } catch (IllegalArgumentException e) {
      // A part of the model that refuses to be made says why.
      throw invalid(where, because(e), AGAIN);
    }
  }

  /** Returns what says what the tensors mean. */
  static JsonObject document(TensorFile file, String where) {
    String text = file.metadata().get(Names.DOCUMENT);
    if (text == null) {
      throw invalid(
          where,
          "the file holds tensors, but nothing that says what they mean",
          "It was not written by Sluice; import it");
    }
    return JsonObject.parse(text, where, Names.DOCUMENT, AGAIN);
  }

  /** Refuses a format that is not read. */
  static void checkFormat(long format, int newest, String where) {
    if (format > newest) {
      throw new ArtifactException(
          Fault.TOO_NEW,
          where,
          "the model is written in format " + format + ", this Sluice reads up to " + newest,
          "Update Sluice, or publish the model with the older one");
    }
    if (format < OLDEST_FORMAT) {
      throw new ArtifactException(
          Fault.TOO_OLD,
          where,
          "the model is written in format " + format + ", this Sluice reads from " + OLDEST_FORMAT,
          "Train the model again");
    }
  }

  /** Refuses a file whose metadata are not all known, or whose checksum does not match. */
  static void checkSound(TensorFile file, String where) {
    checkMetadata(file, where);
    checkChecksum(file, where);
  }

  /** A checksum whose name is damaged would not be missed otherwise. */
  private static void checkMetadata(TensorFile file, String where) {
    for (String key : file.metadata().keySet()) {
      if (!Names.METADATA.contains(key)) {
        throw invalid(
            where,
            "metadata " + quoted(key) + " is not known",
            "If another program added it, let that drop it; else copy the file again");
      }
    }
  }

  private static void checkChecksum(TensorFile file, String where) {
    String document = java.util.Objects.requireNonNull(file.metadata().get(Names.DOCUMENT));
    String expected = file.metadata().get(Names.CHECKSUM);
    if (expected != null && !expected.equals(Checksum.of(document, file.tensors().values()))) {
      throw corrupt(
          where,
          "its checksum does not match",
          "It was damaged: copy it again. If another program changed it on purpose, let that drop "
              + Names.CHECKSUM
              + " from the metadata");
    }
  }
}
