package dev.sluice.bench.kernel;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * PyTorch through DJL on one thread, without DJL's blocks: {@code torch.lstm} itself. Arrays become
 * tensors, and tensors arrays, in every call.
 */
@State(Scope.Thread)
public class TorchStep {

  /** Batch x hidden. */
  @Param({"1x64"})
  public String size = "";

  private LstmCase one;
  private NDManager manager;
  private NDList weights;
  private float[] h;
  private float[] c;

  /** Makes the case and checks it. */
  @Setup
  public void prepare() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    one = LstmCase.of(size);
    manager = NDManager.newBaseManager("PyTorch");
    int gates = 4 * one.hidden;
    weights =
        new NDList(
            manager.create(one.inputWeights, new Shape(gates, one.inputs)),
            manager.create(one.hiddenWeights, new Shape(gates, one.hidden)),
            manager.create(one.bias, new Shape(gates)),
            manager.create(new float[gates], new Shape(gates)));
    h = one.h.clone();
    c = one.c.clone();
    usual();
    one.check("PyTorch through DJL", h, c);
  }

  /** One step, usual use. */
  @Benchmark
  public void usual() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = scope.create(one.x, new Shape(1, one.batch, one.inputs));
      Shape shape = new Shape(1, one.batch, one.hidden);
      NDList state = new NDList(scope.create(h, shape), scope.create(c, shape));
      NDList result =
          x.getNDArrayInternal().lstm(x, state, weights, true, 1, 0, false, false, false);
      h = result.get(1).toFloatArray();
      c = result.get(2).toFloatArray();
      result.close();
    }
  }
}
