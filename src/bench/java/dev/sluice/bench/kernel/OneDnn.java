package dev.sluice.bench.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.bytedeco.dnnl.memory.data_type.f32;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.lstm_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/**
 * oneDNN's LSTM primitive for inference: weights reordered once to the layout it asks for, memory
 * bound once. Arguments are what the C function {@code dnnl_primitive_execute} takes.
 */
final class OneDnn {

  private static final int[] SLOTS = {
    dnnl.DNNL_ARG_SRC_LAYER,
    dnnl.DNNL_ARG_SRC_ITER,
    dnnl.DNNL_ARG_SRC_ITER_C,
    dnnl.DNNL_ARG_WEIGHTS_LAYER,
    dnnl.DNNL_ARG_WEIGHTS_ITER,
    dnnl.DNNL_ARG_BIAS,
    dnnl.DNNL_ARG_DST_LAYER,
    dnnl.DNNL_ARG_DST_ITER,
    dnnl.DNNL_ARG_DST_ITER_C
  };
  static final int ARGUMENTS = SLOTS.length;

  final MemorySegment primitive;
  final MemorySegment queue;

  /** Arguments of a step from the first pair of (h, c) to the second, and the way back. */
  final MemorySegment there;

  final MemorySegment back;

  /** Which implementation oneDNN chose, such as {@code brgemm:avx512_core}. */
  final String implementation;

  private final LstmCase one;
  private final engine cpu = new engine(engine.kind.cpu, 0);
  private final stream order = new stream(cpu);
  private final lstm_forward lstm;
  private final memory[] bound;

  OneDnn(LstmCase one) {
    this.one = one;
    int hidden = one.hidden;
    lstm_forward.primitive_desc description = describe();
    implementation = description.impl_info_str().getString();
    lstm = new lstm_forward(description);
    memory x = filled(layer(one.inputs), one.x);
    memory h0 = filled(state(), one.h);
    memory c0 = filled(state(), one.c);
    memory h1 = filled(state(), new float[one.h.length]);
    memory c1 = filled(state(), new float[one.c.length]);
    memory y = filled(layer(hidden), new float[one.h.length]);
    memory.desc plainW = desc(format_tag.ldigo, 1, 1, one.inputs, 4, hidden);
    memory.desc plainR = desc(format_tag.ldigo, 1, 1, hidden, 4, hidden);
    memory w = filled(plainW, one.transpose(one.inputWeights, one.inputs));
    memory r = filled(plainR, one.transpose(one.hiddenWeights, hidden));
    w = reordered(w, description.weights_layer_desc());
    r = reordered(r, description.weights_iter_desc());
    memory bias = filled(desc(format_tag.ldgo, 1, 1, 4, hidden), one.bias);
    bound = new memory[] {x, h0, c0, w, r, bias, y, h1, c1};
    there = arguments(x, h0, c0, w, r, bias, y, h1, c1);
    back = arguments(x, h1, c1, w, r, bias, y, h0, c0);
    primitive = MemorySegment.ofAddress(lstm.get().address());
    queue = MemorySegment.ofAddress(order.get().address());
  }

  /** Makes oneDNN compute on the calling thread alone. */
  static void oneThread() throws Throwable {
    MethodHandle threads = function("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    threads.invokeExact(1);
  }

  static MethodHandle function(String name, FunctionDescriptor type) {
    dnnl.dnnl_version(); // Loads the libraries.
    Linker linker = Linker.nativeLinker();
    SymbolLookup lookup = SymbolLookup.loaderLookup().or(linker.defaultLookup());
    return linker.downcallHandle(lookup.findOrThrow(name), type);
  }

  /** Compares what the step {@link #there} left behind. */
  void check() {
    one.check("oneDNN", read(bound[7], one.h.length), read(bound[8], one.c.length));
  }

  private lstm_forward.primitive_desc describe() {
    return new lstm_forward.primitive_desc(
        cpu,
        dnnl.prop_kind.forward_inference,
        dnnl.rnn_direction.unidirectional_left2right,
        layer(one.inputs),
        state(),
        state(),
        desc(format_tag.any, 1, 1, one.inputs, 4, one.hidden),
        desc(format_tag.any, 1, 1, one.hidden, 4, one.hidden),
        desc(format_tag.ldgo, 1, 1, 4, one.hidden),
        layer(one.hidden),
        state(),
        state());
  }

  private memory.desc layer(int width) {
    return desc(format_tag.tnc, 1, one.batch, width);
  }

  private memory.desc state() {
    return desc(format_tag.ldnc, 1, 1, one.batch, one.hidden);
  }

  private static memory.desc desc(format_tag tag, long... dims) {
    return new memory.desc(dims, f32, tag);
  }

  private memory filled(memory.desc desc, float[] values) {
    memory filled = new memory(desc, cpu); // Allocated by oneDNN, and so aligned as it likes.
    new FloatPointer(filled.get_data_handle()).put(values, 0, values.length);
    return filled;
  }

  private memory reordered(memory from, memory.desc desc) {
    memory to = new memory(desc, cpu);
    new reorder(from, to).execute(order, from, to);
    order._wait();
    return to;
  }

  private static float[] read(memory from, int count) {
    float[] values = new float[count];
    new FloatPointer(from.get_data_handle()).get(values, 0, count);
    return values;
  }

  /** An array of {@code dnnl_exec_arg_t {int arg; dnnl_memory_t memory;}}. */
  private static MemorySegment arguments(memory... memories) {
    MemorySegment array = Arena.global().allocate(16L * ARGUMENTS, 8);
    for (int i = 0; i < ARGUMENTS; i++) {
      array.set(JAVA_INT, 16L * i, SLOTS[i]);
      array.set(JAVA_LONG, 16L * i + 8, memories[i].get().address());
    }
    return array;
  }
}
