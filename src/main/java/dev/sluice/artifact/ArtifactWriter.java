package dev.sluice.artifact;

import dev.sluice.feature.Feature;
import dev.sluice.head.Linear;
import dev.sluice.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model as one safetensors file: weights, scaling, vocabularies, prediction, calibration and
 * lineage, which belong together and so travel together.
 *
 * <table>
 * <caption>The tensors, all F32; H hidden units, O outputs, I inputs of the layer</caption>
 * <tr><th>name</th><th>shape</th><th>meaning</th></tr>
 * <tr><td>{@code cell.weight_ih_l0}</td><td>(4H, I)</td><td>input weights; gates in the order i,
 *     f, g, o; {@code l1} and so on for the layers above, whose I is H</td></tr>
 * <tr><td>{@code cell.weight_hh_l0}</td><td>(4H, H)</td><td>recurrent weights</td></tr>
 * <tr><td>{@code cell.bias_ih_l0}</td><td>(4H)</td><td>the bias</td></tr>
 * <tr><td>{@code cell.bias_hh_l0}</td><td>(4H)</td><td>zeros when written; when read, added to the
 *     other. Of a GRU, the last H are what stands within the reset</td></tr>
 * <tr><td>others, {@link dev.sluice.cell.Cell}</td><td>as there</td><td>of cells that have them; 3
 *     instead of 4 where a cell has three gates, R instead of H where h is projected</td></tr>
 * <tr><td>{@code head.weight}</td><td>(O, H)</td><td>weights of the last layer;
 *     {@code head.1.weight} and so on where more than one thing is predicted</td></tr>
 * <tr><td>{@code head.bias}</td><td>(O)</td><td>bias of the last layer</td></tr>
 * <tr><td>{@code embedding.<field>.weight}</td><td>(V, D)</td><td>a vector of D numbers for each of
 *     the V words of a category; word 0 is the unknown one</td></tr>
 * </table>
 *
 * <table>
 * <caption>The metadata</caption>
 * <tr><th>key</th><th>meaning</th></tr>
 * <tr><td>{@code format}</td><td>{@code pt}: tensors are named and laid out as PyTorch does, so
 *     that {@code torch.nn.LSTM} loads those of the cell as they are</td></tr>
 * <tr><td>{@code sluice}</td><td>JSON: {@code format} (a whole number, 1 to {@value #FORMAT}),
 *     {@code id}, {@code version}, {@code cell}, {@code features}, {@code predict},
 *     {@code calibration}, {@code lineage}</td></tr>
 * <tr><td>{@code sluice.sha256}</td><td>SHA-256, in hexadecimal, of the UTF-8 bytes of that
 *     document followed by the numbers of all tensors as little-endian F32, in the order of their
 *     names; may be left out</td></tr>
 * </table>
 *
 * <p>The same model gives the same bytes.
 */
public final class ArtifactWriter {

  /** Newest version of the format: it knows several heads, and numbers with two scales. */
  public static final int FORMAT = 3;

  /** Knows the profile in the lineage. */
  private static final int WITH_PROFILE = 2;

  private static final int FIRST = 1;

  private ArtifactWriter() {}

  /** Returns the oldest version of the format that can say what {@code model} says. */
  static int format(Model model) {
    boolean hasViews =
        model.features().features().stream()
            .anyMatch(f -> f instanceof Feature.Number n && n.scaling().views() > 1);
    if (hasViews || model.heads().size() > 1) {
      return FORMAT;
    }
    return model.lineage().profile().isPresent() ? WITH_PROFILE : FIRST;
  }

  /**
   * Returns the file that holds {@code model}.
   *
   * @throws IllegalArgumentException if a weight is not finite, or the model is beyond the limits
   *     of the format, for example because its vocabularies take more than {@value
   *     Safetensors#MAX_HEADER_BYTES} bytes
   */
  public static byte[] write(Model model) {
    return write(DocumentWriter.write(model), tensors(model));
  }

  /** Returns the file that holds a document and the tensors it speaks of. */
  static byte[] write(String document, List<Tensor> tensors) {
    tensors.forEach(ArtifactWriter::checkFinite);
    Map<String, String> metadata =
        Map.of(
            Names.FRAMEWORK,
            "pt",
            Names.DOCUMENT,
            document,
            Names.CHECKSUM,
            Checksum.of(document, tensors));
    return Safetensors.write(metadata, tensors);
  }

  private static List<Tensor> tensors(Model model) {
    var tensors = new ArrayList<Tensor>();
    CellTensors.write(model.cell(), tensors);
    for (int i = 0; i < model.heads().size(); i++) {
      Linear linear = model.heads().get(i).linear();
      tensors.add(
          Tensor.of(Names.headWeight(i), linear.weights(), linear.outputs(), linear.inputs()));
      tensors.add(Tensor.of(Names.headBias(i), linear.bias(), linear.outputs()));
    }
    for (Feature feature : model.features().features()) {
      if (feature instanceof Feature.Category(var name, var words, int dimensions, var table)) {
        tensors.add(Tensor.of(Names.embedding(name), table, words.size(), dimensions));
      }
    }
    return tensors;
  }

  private static void checkFinite(Tensor tensor) {
    int at = TensorTable.indexOfNonFinite(tensor.data());
    if (at >= 0) {
      throw new IllegalArgumentException(
          "tensor "
              + tensor.name()
              + " holds "
              + tensor.data()[at]
              + " at "
              + at
              + ". Train the model again with a lower learning rate");
    }
  }
}
