package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A process started without {@code --add-modules jdk.incubator.vector} runs on plain loops. */
final class WithoutVectorModuleTest {

  @Test
  void theScalarKernelTakesOver() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                NameOfTheKernel.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output.strip()).isEqualTo("scalar");
  }

  /** What the other process runs. */
  static final class NameOfTheKernel {

    private NameOfTheKernel() {}

    public static void main(String[] args) {
      var layer = TestLayer.random(3, 5, 1);
      RowSet rows = TestLayer.rows(TestLayer.memory(1, 5), 1, 5);
      Kernel.best().step(layer.panels(), Floats.allocate(16), 16, rows, 0, new Scratch(1, 3, 5));
      System.out.println(Kernel.best().name());
    }
  }
}
