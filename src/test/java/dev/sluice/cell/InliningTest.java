package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * C2 inlines every vector operation of the kernels, and every access to memory beside them. Where
 * it gives up for size, each vector becomes an object, or all sums are spilled at each call:
 * correct, and 2 to 100 times slower.
 */
final class InliningTest {

  /** Vector operations and accesses to memory: all that the kernels call beside themselves. */
  private static final Pattern OF_THE_JDK = Pattern.compile("@ \\d+ +jdk\\.");

  private static final Pattern TOO_MUCH =
      Pattern.compile("NodeCountInliningCutoff|too big|too large|DesiredMethodLimit|too deep");

  @Test
  void noVectorOperationIsTooMuchForTheCompiler() throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-TieredCompilation", // Only C2 speaks.
                "-XX:CompileCommand=PrintInlining,dev.sluice.kernel.*::*",
                "-cp",
                System.getProperty("java.class.path"),
                WarmsUp.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    List<String> lines = output.lines().filter(l -> OF_THE_JDK.matcher(l).find()).toList();
    assertThat(lines).anyMatch(line -> line.contains("(intrinsic)"));
    assertThat(lines).noneMatch(line -> TOO_MUCH.matcher(line).find());
  }

  /** What the other process runs. */
  static final class WarmsUp {

    /** Of training: enough for the compiler, as its loops run some hundred times in each. */
    private static final int ITERATIONS = 300;

    private WarmsUp() {}

    public static void main(String[] args) {
      CellStack floats = RandomLayers.stack(8, 40, 2, 1);
      floats.warmUp(Duration.ofSeconds(20));
      new CellStack(floats.layers().stream().map(CellLayer::withInt16Weights).toList())
          .warmUp(Duration.ofSeconds(20));
      StackWindow window = TrainableStack.create(8, new int[] {40}, 1).window(32, 16);
      for (int i = 0; i < ITERATIONS; i++) {
        window.forward();
        window.backward();
      }
    }
  }
}
