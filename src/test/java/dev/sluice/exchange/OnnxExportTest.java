package dev.sluice.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.RandomLayers;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is exported, in the hands of ONNX Runtime, its memory carried from call to call. */
final class OnnxExportTest {

  private static final int BATCH = 3;
  private static final int STEPS = 1000;

  @ParameterizedTest
  @EnumSource(
      value = Cell.class,
      names = {"LSTM", "PEEPHOLE", "COUPLED", "GRU", "GRU_RESET_BEFORE"})
  void onnxRuntimeComputesTheSameOverAThousandCalls(Cell cell) throws OrtException {
    var random = new Random(cell.ordinal());
    Model model =
        model(
            RandomLayers.layer(cell, 2, 12, random), RandomLayers.layer(Cell.LSTM, 12, 7, random));
    double worst = 0;
    try (var theirs = new Theirs(model)) {
      var ours = new Ours(model);
      for (int t = 0; t < STEPS; t++) {
        float[] x = new float[BATCH * 2];
        for (int i = 0; i < x.length; i++) {
          x[i] = (float) random.nextGaussian();
        }
        float[] expected = theirs.step(x);
        float[] actual = ours.step(x);
        for (int i = 0; i < expected.length; i++) {
          worst = Math.max(worst, Math.abs(expected[i] - actual[i]));
        }
      }
    }
    System.out.println(cell.id() + ": at most " + worst + " from ONNX Runtime");
    assertThat(worst).isLessThan(1e-5);
  }

  @ParameterizedTest
  @EnumSource(
      value = Cell.class,
      names = {"LSTM", "PEEPHOLE", "COUPLED", "GRU", "GRU_RESET_BEFORE"})
  void whatIsExportedComesBackBitForBit(Cell cell) {
    var random = new Random(cell.ordinal());
    CellLayer first = RandomLayers.layer(cell, 2, 12, random);
    Map<String, float[]> weights = first.weights();
    Objects.requireNonNull(weights.get(Cell.BIAS))[3] = -0f;
    first = CellLayer.of(cell, 2, 12, 12, weights);
    Model model = model(first, RandomLayers.layer(cell, 12, 7, random));

    OnnxLayers back = OnnxLayers.of(OnnxExport.of(model), "f");
    List<CellLayer> layers = back.stack(Optional.empty()).layers();
    assertThat(layers).extracting(CellLayer::cell).containsExactly(cell, cell);
    for (int l = 0; l < layers.size(); l++) {
      Map<String, float[]> actual = layers.get(l).weights();
      model
          .cell()
          .layers()
          .get(l)
          .weights()
          .forEach((name, values) -> assertSameBits(actual.get(name), values));
    }
    Linear head = back.linear(Optional.empty(), 7);
    assertSameBits(head.weights(), model.heads().getFirst().linear().weights());
    assertSameBits(head.bias(), model.heads().getFirst().linear().bias());
  }

  private static void assertSameBits(float @Nullable [] actual, float[] expected) {
    float[] values = Objects.requireNonNull(actual);
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(values[i]))
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  @Test
  void whatOnnxHasNoOperatorForIsRefused() {
    Model model = model(RandomLayers.layer(Cell.PROJECTED, 2, 12, new Random(1)));
    assertThatThrownBy(() -> OnnxExport.of(model))
        .hasMessage("ONNX has no operator for layer 0, projected");
  }

  private static Model model(CellLayer... layers) {
    var stack = new CellStack(List.of(layers));
    var scaling = new Scaling.Learned(0, 1);
    var random = new Random(5);
    float[] weights = new float[2 * stack.hidden()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
    return new Model(
        "lab",
        1,
        new FeatureSpec(
            List.of(
                new Feature.Number("a", scaling, false), new Feature.Number("b", scaling, false))),
        stack,
        List.of(new GaussianHead("a", new Linear(weights, new float[] {0.5f, -1}, stack.hidden()))),
        new Calibration(0.8, 100, 20),
        new Lineage("made", 3, 4, 0, "0.1.0", Map.of()));
  }

  /** The model, stepped here. */
  private static final class Ours {
    private final Model model;
    private final Floats memory;
    private final Floats inputs = Floats.allocate(BATCH * 16);
    private final RowSet rows = new RowSet(BATCH);
    private final Scratch scratch;

    Ours(Model model) {
      this.model = model;
      int length = model.cell().memoryFloats();
      this.memory = Floats.allocate((long) BATCH * length);
      this.scratch = model.cell().scratch(BATCH);
      for (int r = 0; r < BATCH; r++) {
        rows.add(memory, (long) r * length, length);
      }
    }

    float[] step(float[] x) {
      for (int r = 0; r < BATCH; r++) {
        inputs.write(16L * r, x, 2 * r, 2);
      }
      model.cell().step(rows, inputs, 16, scratch);
      Linear linear = model.heads().getFirst().linear();
      int hidden = model.cell().hidden();
      float[] y = new float[BATCH * linear.outputs()];
      for (int i = 0; i < y.length; i++) {
        int output = i % linear.outputs();
        long row = (long) i / linear.outputs() * model.cell().memoryFloats();
        double sum = linear.bias()[output];
        for (int u = 0; u < hidden; u++) {
          double h = memory.get(row + model.cell().hiddenAt() + u);
          sum += linear.weights()[output * hidden + u] * h;
        }
        y[i] = (float) sum;
      }
      return y;
    }
  }

  /** The graph, run by ONNX Runtime. */
  private static final class Theirs implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final Map<String, float[]> memory = new HashMap<>();
    private final Map<String, Integer> units = new HashMap<>();

    Theirs(Model model) throws OrtException {
      session = environment.createSession(OnnxExport.of(model));
      for (int l = 0; l < model.cell().layers().size(); l++) {
        CellLayer layer = model.cell().layers().get(l);
        hold("h" + l, layer.units());
        if (layer.cell().hasCellState()) {
          hold("c" + l, layer.units());
        }
      }
      assertThat(session.getMetadata().getCustomMetadata())
          .containsEntry("sluice.id", "lab")
          .containsEntry("sluice.features", "a,b");
    }

    private void hold(String name, int size) {
      memory.put(name, new float[BATCH * size]);
      units.put(name, size);
    }

    float[] step(float[] x) throws OrtException {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      inputs.put("x", tensor(x, 2));
      for (Map.Entry<String, float[]> part : memory.entrySet()) {
        inputs.put(part.getKey(), tensor(part.getValue(), units.get(part.getKey())));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        for (String part : new ArrayList<>(memory.keySet())) {
          memory.put(part, floats(result, part + "_next"));
        }
        return floats(result, "y0");
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }

    private OnnxTensor tensor(float[] values, int width) throws OrtException {
      return OnnxTensor.createTensor(
          environment, FloatBuffer.wrap(values), new long[] {1, BATCH, width});
    }

    private static float[] floats(OrtSession.Result result, String name) {
      FloatBuffer buffer = ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
      float[] values = new float[buffer.remaining()];
      buffer.get(values);
      return values;
    }

    @Override
    public void close() throws OrtException {
      session.close();
    }
  }
}
