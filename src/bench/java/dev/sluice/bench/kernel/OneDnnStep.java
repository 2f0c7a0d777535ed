package dev.sluice.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * {@link OneDnn}, with h and c going back and forth between two pairs of buffers. The C function is
 * called without JNI, through {@code java.lang.foreign}: a step costs what it costs in C plus
 * {@link #emptyCall}, which is measured beside it.
 */
@State(Scope.Thread)
public class OneDnnStep {

  private static final MethodHandle EXECUTE =
      OneDnn.function(
          "dnnl_primitive_execute",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT, ADDRESS));
  private static final MethodHandle EMPTY =
      OneDnn.function("abs", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  /** Batch x hidden. */
  @Param({"1x64"})
  public String size = "";

  private MemorySegment primitive;
  private MemorySegment queue;
  private MemorySegment there;
  private MemorySegment back;
  private OneDnn owner;
  private boolean turn;

  /** Makes the case and checks it. */
  @Setup
  public void prepare() throws Throwable {
    OneDnn.oneThread();
    owner = new OneDnn(LstmCase.of(size));
    primitive = owner.primitive;
    queue = owner.queue;
    there = owner.there;
    back = owner.back;
    if (step() != 0) {
      throw new IllegalStateException("dnnl_primitive_execute failed");
    }
    owner.check();
    System.out.println("oneDNN chose " + owner.implementation);
  }

  /** One step. */
  @Benchmark
  public int step() throws Throwable {
    turn = !turn;
    MemorySegment arguments = turn ? there : back;
    return (int) EXECUTE.invokeExact(primitive, queue, OneDnn.ARGUMENTS, arguments);
  }

  /** What a call of a C function that does nothing costs. */
  @Benchmark
  public int emptyCall() throws Throwable {
    return (int) EMPTY.invokeExact(1);
  }
}
