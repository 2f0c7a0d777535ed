package dev.sluice.bench.kernel;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Product;
import dev.sluice.kernel.TrainingKernel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The multiplication of a block of rows by one panel of weights, without what follows it. */
@State(Scope.Thread)
public class MicroKernel {

  private static final int ROWS = 36;

  /** Batch x hidden; only hidden counts. */
  @Param({"32x128"})
  public String size = "";

  private Product product;

  /** Returns the floating-point operations of one {@link #panel}. */
  static double flops(LstmCase one) {
    return 2.0 * ROWS * 64 * (one.inputs + one.hidden);
  }

  /** Makes the operands. */
  @Setup
  public void prepare() {
    LstmCase one = LstmCase.of(size);
    int depth = one.inputs + one.hidden;
    int stride = (Floats.pad(depth) / 16 | 1) * 16;
    product = new Product().size(ROWS, depth);
    product.left(Floats.allocate((long) ROWS * stride + 64), 0, stride, 1);
    product.panel(Floats.allocate(64L * depth), 0, 64);
    product.from(Floats.allocate(64), 0, 0);
    product.into(Floats.allocate(64L * ROWS), 0, 64);
  }

  /** 36 rows times 64 outputs. */
  @Benchmark
  public void panel() {
    TrainingKernel.best().multiply(product);
  }
}
