package dev.sluice.bench.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import dev.sluice.cell.CellLayer;
import dev.sluice.train.TrainerIteration;
import java.util.ArrayList;
import java.util.List;

/**
 * The same iteration by PyTorch, through DJL's bindings alone: one call of {@code lstm}, a linear
 * layer, log-softmax and cross-entropy, one call of {@code backward}, and an update of Adam for
 * each of the six tensors. None of DJL's blocks, trainers or parameter stores is in the way.
 */
final class Torch implements AutoCloseable {

  private final NDManager manager;
  private final NDArray inputs; // (T, B, I)
  private final NDArray targets; // (T, B, O)
  private final NDList memory; // two of (1, B, H)
  private final NDList lstm = new NDList(); // wx, wh, bx, bh
  private final NDArray headWeights; // (O, H)
  private final NDArray headBias; // (O)
  private final List<NDArray> parameters = new ArrayList<>();
  private final List<NDList> moments = new ArrayList<>();
  private int step;

  Torch(TrainerIteration same) {
    this.manager = Engine.getEngine("PyTorch").newBaseManager();
    CellLayer layer = same.layer();
    int units = layer.hidden();
    int steps = TrainerIteration.STEPS;
    int lanes = TrainerIteration.LANES;
    inputs = manager.create(same.inputs(), new Shape(steps, lanes, layer.inputs()));
    targets = manager.create(same.targets(), new Shape(steps, lanes, TrainerIteration.BINS));
    memory =
        new NDList(
            manager.zeros(new Shape(1, lanes, units)), manager.zeros(new Shape(1, lanes, units)));
    lstm.add(parameter(layer.inputWeights(), 4L * units, layer.inputs()));
    lstm.add(parameter(layer.hiddenWeights(), 4L * units, units));
    lstm.add(parameter(layer.bias(), 4L * units));
    lstm.add(parameter(new float[4 * units], 4L * units));
    headWeights = parameter(same.headWeights(), TrainerIteration.BINS, units);
    headBias = parameter(same.headBias(), TrainerIteration.BINS);
  }

  private NDArray parameter(float[] values, long... shape) {
    NDArray parameter = manager.create(values, new Shape(shape));
    parameter.setRequiresGradient(true);
    parameters.add(parameter);
    moments.add(new NDList(parameter.zerosLike(), parameter.zerosLike()));
    return parameter;
  }

  static void threads(int threads) {
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
  }

  void run() {
    gradients();
    adam();
  }

  /** Goes forward and back; gradients are set, not added to: those of before are dropped. */
  double gradients() {
    double loss;
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      inputs.tempAttach(scope);
      NDList all =
          inputs.getNDArrayInternal().lstm(inputs, memory, lstm, true, 1, 0, true, false, false);
      NDArray hidden = all.getFirst();
      NDArray out = ai.djl.nn.core.Linear.linear(hidden, headWeights, headBias).getFirst();
      NDArray sum = out.logSoftmax(-1).mul(targets).sum();
      NDArray mean = sum.mul(-1f / (TrainerIteration.STEPS * TrainerIteration.LANES));
      collector.backward(mean);
      loss = mean.getFloat();
      all.detach();
      all.close();
    }
    return loss;
  }

  private void adam() {
    step++;
    double rate = 1e-4 * Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step));
    for (int i = 0; i < parameters.size(); i++) {
      NDArray parameter = parameters.get(i);
      NDArray gradient = parameter.getGradient();
      NDList of = new NDList(parameter, gradient, moments.get(i).get(0), moments.get(i).get(1));
      parameter
          .getNDArrayInternal()
          .adamUpdate(
              of,
              new NDList(parameter),
              (float) rate,
              1e-4f,
              0,
              1,
              -1,
              0.9f,
              0.999f,
              1e-8f,
              false,
              false);
      gradient.close();
    }
  }

  float[] gradient(int parameter) {
    try (NDArray gradient = parameters.get(parameter).getGradient()) {
      return gradient.toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
