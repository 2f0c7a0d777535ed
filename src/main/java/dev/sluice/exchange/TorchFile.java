package dev.sluice.exchange;

import dev.sluice.artifact.Safetensors;
import dev.sluice.artifact.Tensor;
import dev.sluice.artifact.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/**
 * State dicts of PyTorch: {@code .safetensors}, and {@code .pt} as {@code torch.save} writes it.
 */
public final class TorchFile {

  private static final String REMEDY = "Save the state dict with torch.save or as safetensors";
  private static final String PICKLE = "data.pkl";

  private TorchFile() {}

  /**
   * Reads a file, whatever its name ends in.
   *
   * @throws ForeignFileException if it is neither kind, or damaged, or holds more than weights
   * @throws dev.sluice.artifact.ArtifactException if it is a damaged safetensors file
   * @throws IOException if it cannot be read
   */
  public static StateDict read(Path path) throws IOException {
    return read(ForeignFiles.bytes(path, REMEDY), path.toString());
  }

  static StateDict read(byte[] bytes, String where) {
    return StoredZip.isZip(bytes)
        ? pickled(StoredZip.of(bytes, where), where)
        : new Safe(Safetensors.read(bytes, where), where);
  }

  private static StateDict pickled(StoredZip zip, String where) {
    String folder =
        zip.folderOf(PICKLE)
            .orElseThrow(() -> new ForeignFileException(where, "it holds no " + PICKLE, REMEDY));
    ByteBuffer pickle = zip.find(folder + PICKLE).orElseThrow();
    return new Pickled(zip, folder + "data/", Pickle.tensors(pickle, where), where);
  }

  private record Safe(TensorFile file, String where) implements StateDict {

    @Override
    public SequencedSet<String> names() {
      return new LinkedHashSet<>(file.tensors().keySet());
    }

    @Override
    public List<Integer> shape(String name) {
      return tensor(name).shape();
    }

    @Override
    public float[] floats(String name) {
      return tensor(name).data().clone();
    }

    private Tensor tensor(String name) {
      return present(file.tensors(), name);
    }
  }

  private record Pickled(
      StoredZip zip, String folder, Map<String, Pickle.Tensor> tensors, String where)
      implements StateDict {

    @Override
    public SequencedSet<String> names() {
      return Collections.unmodifiableSequencedSet(new LinkedHashSet<>(tensors.keySet()));
    }

    @Override
    public List<Integer> shape(String name) {
      return present(tensors, name).shape();
    }

    @Override
    public float[] floats(String name) {
      Pickle.Tensor tensor = present(tensors, name);
      Pickle.Storage storage = tensor.storage();
      int width =
          switch (storage.kind()) {
            case "FloatStorage" -> Float.BYTES;
            case "DoubleStorage" -> Double.BYTES;
            case "HalfStorage", "BFloat16Storage" -> Short.BYTES;
            default ->
                throw new ForeignFileException(
                    where,
                    "tensor " + StoredZip.quoted(name) + " is a " + storage.kind(),
                    "Save floating-point weights");
          };
      ByteBuffer bytes =
          zip.find(folder + storage.key())
              .filter(entry -> entry.limit() / width >= storage.size())
              .orElseThrow(
                  () ->
                      new ForeignFileException(
                          where,
                          "the numbers of " + StoredZip.quoted(name) + " are missing",
                          REMEDY));
      bytes.order(ByteOrder.LITTLE_ENDIAN).position(Math.toIntExact(tensor.offset() * width));
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = next(bytes, storage.kind());
      }
      return values;
    }

    private static float next(ByteBuffer bytes, String kind) {
      return switch (kind) {
        case "FloatStorage" -> bytes.getFloat();
        case "DoubleStorage" -> (float) bytes.getDouble();
        case "HalfStorage" -> Float.float16ToFloat(bytes.getShort());
        default -> Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
      };
    }
  }

  private static <T> T present(Map<String, T> tensors, String name) {
    T tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no tensor " + name);
    }
    return tensor;
  }
}
