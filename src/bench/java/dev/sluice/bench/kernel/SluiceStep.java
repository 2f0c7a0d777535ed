package dev.sluice.bench.kernel;

import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** This kernel: rows of memory advanced in place. */
@State(Scope.Thread)
public class SluiceStep {

  /** Batch x hidden. */
  @Param({"1x64"})
  public String size = "";

  private GatePanels panels;
  private GatePanels int16Panels;
  private Floats x;
  private int stride;
  private RowSet rows;
  private Scratch scratch;

  /** Makes the case. */
  @Setup
  public void prepare() {
    LstmCase one = LstmCase.of(size);
    panels = one.panels();
    int16Panels = panels.toInt16();
    x = one.inputBlock();
    stride = one.stride();
    rows = one.rows(one.memory());
    scratch = one.scratch();
  }

  /** One step. */
  @Benchmark
  public void float32() {
    Kernel.best().step(panels, x, stride, rows, 0, scratch);
  }

  /** The same with int16 weights. */
  @Benchmark
  public void int16() {
    Kernel.best().step(int16Panels, x, stride, rows, 0, scratch);
  }
}
