package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.because;
import static dev.sluice.artifact.ArtifactException.invalid;

import dev.sluice.cell.Pooling;
import dev.sluice.cell.SequenceLayer;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.model.MessageModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link MessageModel} as one safetensors file, laid out as that of a model of events, {@link
 * ArtifactWriter}.
 *
 * <table>
 * <caption>The tensors, all F32; I inputs of the layer, W outputs of the top one</caption>
 * <tr><th>name</th><th>shape</th><th>meaning</th></tr>
 * <tr><td>{@code cell.weight_ih_l0} and so on</td><td>as there</td><td>the layers reading forward;
 *     I of an upper layer is what all directions below have together</td></tr>
 * <tr><td>{@code cell.weight_ih_l0_reverse} and so on</td><td>the same</td><td>the layers reading
 *     backward, where there are any: {@code torch.nn.LSTM(bidirectional=True)}</td></tr>
 * <tr><td>{@code attention.weight}</td><td>(A, W)</td><td>of additive attention</td></tr>
 * <tr><td>{@code attention.bias}</td><td>(A)</td><td>of additive attention</td></tr>
 * <tr><td>{@code attention.query}</td><td>(A) or (W)</td><td>of additive attention or of a dot
 *     product</td></tr>
 * <tr><td>{@code label.weight}, {@code label.bias}</td><td>(L, W), (L)</td><td>of L
 *     labels</td></tr>
 * <tr><td>{@code tags.weight}, {@code tags.bias}</td><td>(K, W), (K)</td><td>of K tags</td></tr>
 * <tr><td>{@code embedding.<view>.weight}</td><td>(V, D)</td><td>a vector for each of the V
 *     words that a view of a token shows</td></tr>
 * </table>
 *
 * <p>The document has {@code format} {@value #FORMAT}, which a Sluice that knows no such models
 * refuses as too new; {@code kind} {@value #KIND}; {@code id}, {@code version}, {@code cell},
 * {@code reads}, {@code pooling}, {@code label}, {@code tags}, {@code lineage}. The same model
 * gives the same bytes.
 */
public final class MessageArtifact {

  /** The version of the format. */
  public static final int FORMAT = 4;

  /** What the document says that the model reads. */
  public static final String KIND = "messages";

  private MessageArtifact() {}

  /**
   * Returns the file that holds {@code model}.
   *
   * @throws IllegalArgumentException if the model is beyond the limits of the format
   */
  public static byte[] write(MessageModel model) {
    return ArtifactWriter.write(MessageDocument.write(model), tensors(model));
  }

  private static List<Tensor> tensors(MessageModel model) {
    var tensors = new ArrayList<Tensor>();
    for (int l = 0; l < model.stack().layers().size(); l++) {
      SequenceLayer layer = model.stack().layers().get(l);
      for (int d = 0; d < layer.directions().size(); d++) {
        CellTensors.write(layer.directions().get(d), Names.suffix(l, d > 0), tensors);
      }
    }
    writePooling(model.pooling(), model.stack().outputs(), tensors);
    model.label().ifPresent(classes -> writeClasses("label", classes, tensors));
    model.tags().ifPresent(classes -> writeClasses("tags", classes, tensors));
    for (Feature.Category read : model.reads()) {
      int words = read.vocabulary().size();
      tensors.add(Tensor.of(Names.embedding(read.name()), read.table(), words, read.dimensions()));
    }
    return tensors;
  }

  private static void writePooling(Pooling pooling, int width, List<Tensor> tensors) {
    switch (pooling) {
      case Pooling.Additive(var weights, var bias, var query) -> {
        tensors.add(Tensor.of(Names.ATTENTION_WEIGHT, weights, bias.length, width));
        tensors.add(Tensor.of(Names.ATTENTION_BIAS, bias, bias.length));
        tensors.add(Tensor.of(Names.ATTENTION_QUERY, query, query.length));
      }
      case Pooling.Dot(var query) ->
          tensors.add(Tensor.of(Names.ATTENTION_QUERY, query, query.length));
      case Pooling.Plain _ -> {} // Nothing was learned.
    }
  }

  private static void writeClasses(String name, Classes classes, List<Tensor> tensors) {
    var linear = classes.linear();
    tensors.add(Tensor.of(name + ".weight", linear.weights(), linear.outputs(), linear.inputs()));
    tensors.add(Tensor.of(name + ".bias", linear.bias(), linear.outputs()));
  }

  /**
   * Reads the model in the file at {@code path}.
   *
   * @throws ArtifactException if it cannot be read, is not sound, or holds no model of messages
   */
  public static MessageModel read(Path path) {
    return read(Safetensors.readBytes(path), path.toString());
  }

  /**
   * Reads a model.
   *
   * @param bytes the whole file; not kept
   * @param where the file or topic it came from, for messages
   * @throws ArtifactException if it is not sound, or holds no model of messages
   */
  public static MessageModel read(byte[] bytes, String where) {
    TensorFile file = Safetensors.read(bytes, where);
    JsonObject document = ArtifactReader.document(file, where);
    if (!isOfMessages(document)) {
      throw invalid(
          where,
          "the file holds a model of events, where one of messages is needed",
          "Name another file, or publish it to another topic");
    }
    ArtifactReader.checkFormat(document.whole("format"), FORMAT, where);
    ArtifactReader.checkSound(file, where);
    try {
      return MessageDocument.read(document, new TensorTable(file, where));
    } catch (IllegalArgumentException e) {
      // A part of the model that refuses to be made says why.
      throw invalid(where, because(e), ArtifactReader.AGAIN);
    }
  }

  /**
   * Returns whether the file holds a model of messages, without reading what it says of it.
   *
   * @throws ArtifactException if it is no artifact at all
   */
  public static boolean isOfMessages(byte[] bytes, String where) {
    return isOfMessages(ArtifactReader.document(Safetensors.read(bytes, where), where));
  }

  /** Returns whether a document is that of a model of messages. */
  static boolean isOfMessages(JsonObject document) {
    return document.has("kind") && document.text("kind").equals(KIND);
  }
}
