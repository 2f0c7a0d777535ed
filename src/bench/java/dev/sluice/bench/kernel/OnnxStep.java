package dev.sluice.bench.kernel;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * ONNX Runtime with one thread. Best use: every tensor lies in a direct buffer and is made once; h
 * and c go back and forth between two pairs of them. Usual use: tensors are made of arrays, and
 * arrays of tensors, in every call.
 */
@State(Scope.Thread)
public class OnnxStep {

  /** Batch x hidden. */
  @Param({"1x64"})
  public String size = "";

  private LstmCase one;
  private OrtEnvironment environment;
  private OrtSession session;
  private Map<String, OnnxTensor> inputsA;
  private Map<String, OnnxTensor> outputsA;
  private Map<String, OnnxTensor> inputsB;
  private Map<String, OnnxTensor> outputsB;
  private boolean back;
  private float[] h;
  private float[] c;

  /** Makes the case and checks it. */
  @Setup
  public void prepare() throws OrtException {
    one = LstmCase.of(size);
    environment = OrtEnvironment.getEnvironment();
    var options = new SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
    session = environment.createSession(OnnxGraph.of(one), options);
    FloatBuffer h0 = direct(one.h);
    FloatBuffer c0 = direct(one.c);
    FloatBuffer h1 = direct(new float[one.h.length]);
    FloatBuffer c1 = direct(new float[one.c.length]);
    OnnxTensor x = tensor(direct(one.x), one.inputs);
    OnnxTensor hA = tensor(h0, one.hidden);
    OnnxTensor cA = tensor(c0, one.hidden);
    OnnxTensor hB = tensor(h1, one.hidden);
    OnnxTensor cB = tensor(c1, one.hidden);
    inputsA = Map.of("X", x, "H", hA, "C", cA);
    outputsA = Map.of("YH", hB, "YC", cB);
    inputsB = Map.of("X", x, "H", hB, "C", cB);
    outputsB = Map.of("YH", hA, "YC", cA);
    bound();
    one.check("ONNX Runtime, bound", array(h1), array(c1));
    h = one.h.clone();
    c = one.c.clone();
    usual();
    one.check("ONNX Runtime, usual", h, c);
  }

  /** One step, best use. */
  @Benchmark
  public void bound() throws OrtException {
    back = !back;
    session.run(back ? inputsA : inputsB, back ? outputsA : outputsB).close();
  }

  /** One step, usual use. */
  @Benchmark
  public void usual() throws OrtException {
    try (OnnxTensor x = tensor(FloatBuffer.wrap(one.x), one.inputs);
        OnnxTensor before = tensor(FloatBuffer.wrap(h), one.hidden);
        OnnxTensor cell = tensor(FloatBuffer.wrap(c), one.hidden);
        OrtSession.Result result = session.run(Map.of("X", x, "H", before, "C", cell))) {
      ((OnnxTensor) result.get(0)).getFloatBuffer().get(h);
      ((OnnxTensor) result.get(1)).getFloatBuffer().get(c);
    }
  }

  private OnnxTensor tensor(FloatBuffer values, int width) throws OrtException {
    return OnnxTensor.createTensor(environment, values, new long[] {1, one.batch, width});
  }

  private static FloatBuffer direct(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * values.length).order(ByteOrder.nativeOrder());
    return bytes.asFloatBuffer().put(values).flip();
  }

  private static float[] array(FloatBuffer buffer) {
    float[] values = new float[buffer.capacity()];
    buffer.get(0, values);
    return values;
  }
}
