package dev.sluice.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.artifact.ArtifactException.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The container against the format's own implementation: the files in the resources were written by
 * the Python package safetensors 0.8.0 (see {@code src/test/scripts/safetensors_fixtures.py}).
 */
final class SafetensorsTest {

  private static final String PLAIN_METADATA =
      "{\"id\":\"temps\",\"note\":\"tab\t, \\\"quotes\\\" and é\"}";

  @Test
  void bytesAreThoseOfThePythonPackage() throws IOException {
    byte[] written = Safetensors.write(Map.of("sluice", PLAIN_METADATA), plainTensors());

    assertThat(written).isEqualTo(fixture("plain"));
  }

  @Test
  void aFileOfThePythonPackageReadsAsItWasMeant() throws IOException {
    TensorFile file = Safetensors.read(fixture("plain"), "plain");

    assertThat(file.metadata()).containsExactly(Map.entry("sluice", PLAIN_METADATA));
    assertThat(file.tensors().values()).containsExactlyInAnyOrderElementsOf(plainTensors());
  }

  @Test
  void halfAndBrainFloatsWidenExactly() throws IOException {
    TensorFile file = Safetensors.read(fixture("mixed"), "mixed");

    assertThat(file.metadata())
        .containsExactlyInAnyOrderEntriesOf(Map.of("format", "pt", "größe", "日本", "empty", ""));
    assertThat(file.tensors().values())
        .containsExactlyInAnyOrder(
            // 6e-8 is rounded by float16 to its smallest number, 2^-24.
            Tensor.of("half", new float[] {1.5f, -65504f, 0x1p-24f}, 3),
            Tensor.of("brain", new float[] {1.5f, -123.5f}, 2),
            Tensor.of("single", new float[] {7.25f}),
            Tensor.of("empty", new float[0], 0, 3),
            Tensor.of("matrix", new float[] {1, 2, 3, 4}, 2, 2));
  }

  @Test
  void layoutIsExactlyAsDocumented() {
    byte[] file = Safetensors.write(Map.of(), List.of(Tensor.of("w", new float[] {1, -2}, 2)));

    String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}";
    String padding = " ".repeat(56 - header.length());
    assertThat(HexFormat.of().formatHex(file))
        .isEqualTo(
            "3800000000000000"
                + HexFormat.of().formatHex((header + padding).getBytes(UTF_8))
                + "0000803f"
                + "000000c0");
  }

  @Test
  void whatIsWrittenIsReadBackBitForBit() {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      List<Tensor> tensors = new ArrayList<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        tensors.add(randomTensor("tensor " + i, random));
      }
      Map<String, String> metadata = Map.of("seed", "\u0000\n\"" + seed, "𝄞", "𝄞");

      TensorFile file = Safetensors.read(Safetensors.write(metadata, tensors), "memory");

      assertThat(file.metadata()).isEqualTo(metadata);
      assertThat(file.tensors()).hasSameSizeAs(tensors);
      for (Tensor tensor : tensors) {
        Tensor read = file.tensors().get(tensor.name());
        assertThat(read.shape()).isEqualTo(tensor.shape());
        assertThat(bits(read)).isEqualTo(bits(tensor));
      }
    }
  }

  @Test
  void orderOfTheArgumentsDoesNotShowInTheBytes() {
    List<Tensor> tensors =
        IntStream.range(0, 20).mapToObj(i -> randomTensor("t" + i, new Random(i))).toList();
    byte[] expected = Safetensors.write(Map.of("a", "1", "b", "2", "c", "3"), tensors);
    for (int seed = 0; seed < 10; seed++) {
      var shuffled = new ArrayList<>(tensors);
      Collections.shuffle(shuffled, new Random(seed));

      assertThat(Safetensors.write(Map.of("c", "3", "b", "2", "a", "1"), shuffled))
          .isEqualTo(expected);
    }
  }

  @Test
  void dataBeginsAtAMultipleOfEight() {
    for (int length = 1; length < 40; length++) {
      byte[] file =
          Safetensors.write(
              Map.of("k", "x".repeat(length)), List.of(Tensor.of("w", new float[] {1}, 1)));

      assertThat((file.length - Float.BYTES) % 8).isZero();
    }
  }

  @Test
  void aFileOnDiskNamesItsPathWhenRefused(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("temps.safetensors");
    byte[] whole = Safetensors.write(Map.of(), plainTensors());
    Files.write(path, whole);
    assertThat(Safetensors.read(path).tensors()).hasSize(4);

    Files.write(path, new byte[] {(byte) 0x40, (byte) 0x54, (byte) 0x89, 0, 0, 0, 0, 0, '{', '}'});
    assertThatThrownBy(() -> Safetensors.read(path))
        .isInstanceOf(ArtifactException.class)
        .hasMessage(
            path
                + ": the header says 9000000 bytes, the file has 10."
                + " It is truncated or not safetensors; copy it again");

    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> Safetensors.read(missing))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.UNREADABLE))
        .hasMessage(
            missing
                + ": the file cannot be read (NoSuchFileException)."
                + " Check that it exists and that this user may read it");
  }

  @Test
  void onlyWhatAReaderAcceptsIsWritten() {
    Tensor tensor = Tensor.of("w", new float[] {1}, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(Map.of(), List.of(tensor, tensor)))
        .withMessage("tensor \"w\": the name is taken. Give each its own");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Safetensors.write(
                    Map.of(), List.of(Tensor.of("__metadata__", new float[] {1}, 1))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(Map.of("k".repeat(257), ""), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(Map.of("k", "half a pair: \ud834"), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Safetensors.write(Map.of("k", "x".repeat(16 << 20)), List.of()))
        .withMessage("the header is 16,777,248. A safetensors file may have 16,777,216");
  }

  @Test
  void aTensorWhoseShapeIsNotItsLengthCannotBeMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("w", new float[5], 2, 3))
        .withMessageStartingWith("tensor \"w\": shape [2, 3] does not describe 5 numbers");
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of("w", new float[2], -1, -2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("w", new float[0], 1 << 30, 1 << 30, 1 << 30, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Tensor.of("", new float[1], 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Tensor.of("w", new float[1], 1, 1, 1, 1, 1, 1, 1, 1, 1));
  }

  static List<Tensor> plainTensors() {
    var ramp = new float[24];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = i / 8f;
    }
    return List.of(
        Tensor.of("head.weight", new float[] {0.5f, -0.25f, 1e-40f, Float.MAX_VALUE}, 2, 2),
        Tensor.of("cell.weight_ih_l0", ramp, 8, 3),
        Tensor.of("cell.bias_ih_l0", new float[] {-0f, 1, 2, 3, 4, 5, 6, 7}, 8),
        Tensor.of("embedding.état.weight", new float[] {1, 2, 3}, 1, 3));
  }

  static byte[] fixture(String name) throws IOException {
    try (InputStream in = SafetensorsTest.class.getResourceAsStream(name + ".safetensors")) {
      return in.readAllBytes();
    }
  }

  private static Tensor randomTensor(String name, Random random) {
    int rows = random.nextInt(5);
    int cols = random.nextInt(5);
    var data = new float[rows * cols];
    for (int i = 0; i < data.length; i++) {
      // Any 32 bits: denormals, infinities and not-a-numbers are stored like the rest.
      data[i] = Float.intBitsToFloat(random.nextInt());
    }
    return Tensor.of(name, data, rows, cols);
  }

  private static int[] bits(Tensor tensor) {
    return IntStream.range(0, tensor.data().length)
        .map(i -> Float.floatToRawIntBits(tensor.data()[i]))
        .toArray();
  }
}
