package dev.sluice.exchange;

import dev.sluice.cell.CellStack;
import dev.sluice.head.Linear;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The layers of a model from elsewhere. */
public interface ForeignLayers {

  /**
   * Reads a file: {@code .onnx} as a graph, any other as a state dict.
   *
   * @throws ForeignFileException if it is damaged, or holds what cannot be read here
   * @throws IOException if it cannot be read
   */
  static ForeignLayers read(Path path) throws IOException {
    return path.toString().endsWith(".onnx")
        ? OnnxLayers.read(path)
        : new TorchLayers(TorchFile.read(path));
  }

  /**
   * Returns the recurrent layers.
   *
   * @param name of the module, such as {@code rnn}; empty to take the only one there is
   * @throws ForeignFileException if there is none, or more than one, or one that carries no memory
   *     from event to event
   */
  CellStack stack(Optional<String> name);

  /**
   * Returns a linear layer.
   *
   * @param name of the module, such as {@code head}; empty to take the only one there is
   * @param inputs that it must have
   * @throws ForeignFileException if there is none, or more than one, or it does not fit
   */
  Linear linear(Optional<String> name, int inputs);
}
