package dev.sluice.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.head.Linear;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against PyTorch: {@code src/test/scripts/torch_models.py} saved state dicts and what torch 1.13.1
 * computes with them over 1,000 steps.
 */
final class TorchLayersTest {

  private static final int STEPS = 1000;

  @ParameterizedTest
  @CsvSource({
    "lstm1, LSTM, 1",
    "lstm3, LSTM, 3",
    "lstm1-unbiased, LSTM, 1",
    "lstm2-projected, PROJECTED, 2",
    "gru1, GRU, 1",
    "gru2, GRU, 2"
  })
  void aThousandStepsEndWherePyTorchEnds(String name, Cell cell, int layers) throws IOException {
    var from = new TorchLayers(TorchFile.read(fixture(name + ".pt"), name));
    CellStack stack = from.stack(Optional.empty());
    assertThat(stack.layers()).extracting(CellLayer::cell).hasSize(layers).containsOnly(cell);
    Linear head = from.linear(Optional.of("head"), stack.hidden());
    String[] expected = new String(fixture(name + ".txt"), UTF_8).strip().split("\n");

    var stepped = new Stepped(stack, head);
    double worst = 0;
    for (int t = 0; t < STEPS; t++) {
      double[] actual = stepped.next(t);
      if (t % 50 == 0) {
        String[] outputs = expected[t / 50].split(" ");
        for (int o = 0; o < outputs.length; o++) {
          worst = Math.max(worst, Math.abs(actual[o] - Double.parseDouble(outputs[o])));
        }
      }
    }
    System.out.println(name + ": at most " + worst + " from PyTorch");
    // Measured: 9e-8 to 3e-7.
    assertThat(worst).isLessThan(1e-5);
  }

  @Test
  void halfPrecisionIsWidened() throws IOException {
    StateDict half = TorchFile.read(fixture("lstm1-half.pt"), "half");
    assertThat(half.shape("rnn.weight_ih_l0")).isEqualTo(List.of(16, 3));
    for (float weight : half.floats("rnn.weight_ih_l0")) {
      assertThat(Float.float16ToFloat(Float.floatToFloat16(weight))).isEqualTo(weight);
      assertThat(Math.abs(weight)).isBetween(0f, 0.5f); // Uniform in ±1/√4.
    }
  }

  @Test
  void whatCannotCarryMemoryOrHasNoCellIsRefusedByName() throws IOException {
    assertThatThrownBy(() -> stack("lstm1-both-ways"))
        .hasMessage(
            "f: \"rnn.\" runs in both directions. A key's events have no end to begin from: train"
                + " one direction");
    assertThatThrownBy(() -> stack("rnn1"))
        .hasMessage(
            "f: \"rnn.weight_ih_l0\" has 4 rows for 4 units. An LSTM has 4 a unit, a GRU 3; plain"
                + " RNNs are not supported");
    var layers = new TorchLayers(TorchFile.read(fixture("lstm1.pt"), "f"));
    assertThatThrownBy(() -> layers.stack(Optional.of("encoder")))
        .hasMessage("f: it has no recurrent module \"encoder\". It has [rnn.]");
    assertThatThrownBy(() -> layers.linear(Optional.of("out"), 8))
        .hasMessage("f: it has no linear module \"out\". Say which with --head: [head]");
    assertThatThrownBy(() -> layers.linear(Optional.empty(), 7))
        .hasMessageStartingWith("f: \"head\" takes 8 inputs, the layer below gives 7");
  }

  private static CellStack stack(String name) throws IOException {
    return new TorchLayers(TorchFile.read(fixture(name + ".pt"), "f")).stack(Optional.empty());
  }

  @Test
  void aPickledModuleIsRefusedBecauseItIsAProgram() throws IOException {
    byte[] module = fixture("whole-module.pt");
    assertThatThrownBy(() -> TorchFile.read(module, "f"))
        .isInstanceOf(ForeignFileException.class)
        .hasMessageStartingWith("f: it uses instruction 0x81")
        .hasMessageEndingWith(
            "Save no more than the weights: torch.save(model.state_dict(), file)");
  }

  @Test
  void aPickleThatCallsSomethingIsRefused() {
    // os.system("true"), as a hostile file would have it.
    byte[] pickle =
        "\u0080\u0002cos\nsystem\nX\u0004\0\0\0true\u0085R."
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    var bytes = java.nio.ByteBuffer.wrap(pickle).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    assertThatThrownBy(() -> Pickle.tensors(bytes, "f"))
        .hasMessageStartingWith("f: it would call \"os.system\"");
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = fixture("gru1.pt");
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> readAll(cut))
          .as("%d bytes", length)
          .isInstanceOfAny(ForeignFileException.class, dev.sluice.artifact.ArtifactException.class);
    }
  }

  @Test
  void damageIsRefusedOrChangesOnlyNumbers() throws IOException {
    var random = new Random(1);
    for (String name : List.of("gru1.pt", "lstm2-projected.pt")) {
      byte[] whole = fixture(name);
      for (int round = 0; round < 20_000; round++) {
        byte[] damaged = whole.clone();
        for (int i = 0; i <= round % 4; i++) {
          damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
        }
        try {
          readAll(damaged);
        } catch (ForeignFileException | dev.sluice.artifact.ArtifactException e) {
          assertThat(e.getMessage()).startsWith("f: ").hasSizeLessThan(600);
        }
      }
    }
  }

  private static void readAll(byte[] bytes) {
    var layers = new TorchLayers(TorchFile.read(bytes, "f"));
    CellStack stack = layers.stack(Optional.empty());
    layers.linear(Optional.empty(), stack.hidden());
  }

  private static byte[] fixture(String name) throws IOException {
    try (InputStream in = TorchLayersTest.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
