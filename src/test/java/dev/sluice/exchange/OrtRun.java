package dev.sluice.exchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/** A graph, run once by ONNX Runtime. */
final class OrtRun {

  private OrtRun() {}

  /** An input. */
  record Input(float[] values, long... sides) {}

  /** Returns the first output of a graph. */
  static float[] of(byte[] graph, Map<String, Input> inputs) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try (OrtSession session = environment.createSession(graph)) {
      for (Map.Entry<String, Input> input : inputs.entrySet()) {
        FloatBuffer values = FloatBuffer.wrap(input.getValue().values());
        long[] sides = input.getValue().sides();
        tensors.put(input.getKey(), OnnxTensor.createTensor(environment, values, sides));
      }
      try (OrtSession.Result result = session.run(tensors)) {
        FloatBuffer y = ((OnnxTensor) result.get(0)).getFloatBuffer();
        float[] values = new float[y.remaining()];
        y.get(values);
        return values;
      }
    } finally {
      tensors.values().forEach(OnnxTensor::close);
    }
  }
}
