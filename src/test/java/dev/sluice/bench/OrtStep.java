package dev.sluice.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/**
 * One step of one key in ONNX Runtime as fast as it goes from Java: one thread, inputs and outputs
 * bound once to direct buffers, so that a call copies and allocates next to nothing.
 */
final class OrtStep implements AutoCloseable {

  private final OrtSession session;
  private final Map<String, OnnxTensor> inputs;
  private final Map<String, OnnxTensor> outputs;
  private final ByteBuffer x;
  private final ByteBuffer h;
  private final ByteBuffer c;
  private final ByteBuffer p;
  private final ByteBuffer hn;
  private final ByteBuffer cn;

  /** Binds a session to buffers of its own. */
  OrtStep(byte[] graph, int features, int hidden, int bins) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (var options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
      session = environment.createSession(graph, options);
    }
    x = floats(features);
    h = floats(hidden);
    c = floats(hidden);
    p = floats(bins);
    hn = floats(hidden);
    cn = floats(hidden);
    inputs =
        Map.of(
            "x", tensor(environment, x, 1, 1, features),
            "h", tensor(environment, h, 1, 1, hidden),
            "c", tensor(environment, c, 1, 1, hidden));
    outputs =
        Map.of(
            "p", tensor(environment, p, 1, bins),
            "hn", tensor(environment, hn, 1, 1, hidden),
            "cn", tensor(environment, cn, 1, 1, hidden));
  }

  private static ByteBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Float.BYTES * count).order(ByteOrder.nativeOrder());
  }

  private static OnnxTensor tensor(OrtEnvironment environment, ByteBuffer buffer, long... shape)
      throws OrtException {
    return OnnxTensor.createTensor(environment, buffer.asFloatBuffer(), shape);
  }

  /** Sets input {@code index}. */
  void input(int index, float value) {
    x.putFloat(Float.BYTES * index, value);
  }

  /** Copies a memory in: h, then c, as {@link #store} wrote them. */
  void load(byte[] row) {
    int bytes = h.capacity();
    h.put(0, row, 0, bytes);
    c.put(0, row, bytes, bytes);
  }

  /** Runs the graph. */
  void run() {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed", e);
    }
  }

  /** Copies the distribution out. */
  void distribution(float[] to) {
    p.asFloatBuffer().get(0, to);
  }

  /** Copies the new memory out. */
  void store(byte[] row) {
    int bytes = h.capacity();
    hn.get(0, row, 0, bytes);
    cn.get(0, row, bytes, bytes);
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime does not close", e);
    }
  }
}
