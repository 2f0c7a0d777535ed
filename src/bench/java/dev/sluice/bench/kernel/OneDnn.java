package dev.sluice.bench.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * oneDNN's LSTM primitive for inference, through its C interface: weights reordered once to the
 * layout it asks for, memory bound once. The library is the one in the jar of its Java preset,
 * whose own classes are not used: they want OpenCL, and JNI costs more than {@code
 * java.lang.foreign}.
 */
final class OneDnn {

  static final int ARGUMENTS = 9;

  // Layer, h and c before; weights of both, bias; layer, h and c after: DNNL_ARG_*.
  private static final int[] SLOTS = {1, 2, 3, 33, 34, 41, 17, 18, 19};
  private static final int ANY =
      1; // dnnl_format_tag_any; the plain format of n dimensions is n + 1
  private static final int QUERY_LAYOUT = 255; // dnnl_query_exec_arg_md
  private static final int QUERY_NAME = 8; // dnnl_query_impl_info_str
  private static final int INFERENCE = 96;
  private static final SymbolLookup LIBRARY = load();
  private static final Arena ARENA = Arena.global();
  private static final MemorySegment NULL = MemorySegment.NULL;

  final MemorySegment primitive;
  final MemorySegment queue;

  /** Arguments of a step from the first pair of (h, c) to the second, and the way back. */
  final MemorySegment there;

  final MemorySegment back;

  /** Which implementation oneDNN chose, such as {@code brgemm:avx512_core}. */
  final String implementation;

  private final LstmCase one;
  private final MemorySegment cpu = made("dnnl_engine_create", 1, 0L);
  private final MemorySegment h;
  private final MemorySegment c;

  OneDnn(LstmCase one) {
    this.one = one;
    queue = made("dnnl_stream_create", cpu, 1);
    int hidden = one.hidden;
    MemorySegment description = describe();
    implementation = name(description);
    MemorySegment x = filled(plain(1, one.batch, one.inputs), one.x);
    MemorySegment h0 = filled(state(), one.h);
    MemorySegment c0 = filled(state(), one.c);
    h = filled(state(), new float[one.h.length]);
    c = filled(state(), new float[one.c.length]);
    MemorySegment y = filled(plain(1, one.batch, hidden), new float[one.h.length]);
    MemorySegment w = weights(description, 33, one.inputWeights, one.inputs);
    MemorySegment r = weights(description, 34, one.hiddenWeights, hidden);
    MemorySegment bias = filled(plain(1, 1, 4, hidden), one.bias);
    there = arguments(SLOTS, x, h0, c0, w, r, bias, y, h, c);
    back = arguments(SLOTS, x, h, c, w, r, bias, y, h0, c0);
    primitive = made("dnnl_primitive_create", description);
  }

  /** Makes oneDNN compute on the calling thread alone. */
  static void oneThread() throws Throwable {
    MethodHandle threads = function("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
    threads.invokeExact(1);
  }

  static MethodHandle function(String name, FunctionDescriptor type) {
    Linker linker = Linker.nativeLinker();
    SymbolLookup lookup = LIBRARY.or(linker.defaultLookup());
    return linker.downcallHandle(lookup.findOrThrow(name), type);
  }

  /** Compares what the step {@link #there} left behind. */
  void check() {
    float[] afterH = data(h, one.h.length).toArray(JAVA_FLOAT);
    float[] afterC = data(c, one.c.length).toArray(JAVA_FLOAT);
    one.check("oneDNN", afterH, afterC);
  }

  private MemorySegment describe() {
    MemorySegment w = tagged(ANY, 1, 1, one.inputs, 4, one.hidden);
    MemorySegment r = tagged(ANY, 1, 1, one.hidden, 4, one.hidden);
    MemorySegment x = plain(1, one.batch, one.inputs);
    MemorySegment y = plain(1, one.batch, one.hidden);
    MemorySegment bias = plain(1, 1, 4, one.hidden);
    MemorySegment s = state();
    return made(
        "dnnl_lstm_forward_primitive_desc_create",
        cpu,
        INFERENCE,
        1,
        x,
        s,
        s,
        w,
        r,
        NULL,
        NULL,
        bias,
        y,
        s,
        s,
        0,
        NULL);
  }

  private static String name(MemorySegment description) {
    MemorySegment text = ARENA.allocate(ADDRESS);
    invoke("dnnl_primitive_desc_query", description, QUERY_NAME, 0, text);
    return text.get(ADDRESS, 0).reinterpret(1000).getString(0);
  }

  private MemorySegment state() {
    return plain(1, 1, one.batch, one.hidden);
  }

  private static MemorySegment plain(long... dims) {
    return tagged(dims.length + 1, dims);
  }

  private static MemorySegment tagged(int tag, long... dims) {
    MemorySegment sizes = ARENA.allocateFrom(JAVA_LONG, dims);
    return made("dnnl_memory_desc_create_with_tag", dims.length, sizes, 3, tag); // 3: float
  }

  private MemorySegment memory(MemorySegment layout) {
    return made("dnnl_memory_create", layout, cpu, MemorySegment.ofAddress(-1L));
  }

  private MemorySegment filled(MemorySegment layout, float[] values) {
    MemorySegment filled = memory(layout); // Allocated by oneDNN, and so aligned as it likes.
    data(filled, values.length).copyFrom(MemorySegment.ofArray(values));
    return filled;
  }

  private static MemorySegment data(MemorySegment memory, int floats) {
    MemorySegment handle = ARENA.allocate(ADDRESS);
    invoke("dnnl_memory_get_data_handle", memory, handle);
    return handle.get(ADDRESS, 0).reinterpret(4L * floats);
  }

  private MemorySegment weights(MemorySegment description, int slot, float[] weights, int rows) {
    MemorySegment plain = plain(1, 1, rows, 4, one.hidden);
    MemorySegment from = filled(plain, one.transpose(weights, rows));
    MemorySegment wished = query(description, slot);
    MemorySegment to = memory(wished);
    MemorySegment reorder =
        made("dnnl_reorder_primitive_desc_create", plain, cpu, wished, cpu, NULL);
    MemorySegment run = made("dnnl_primitive_create", reorder);
    invoke("dnnl_primitive_execute", run, queue, 2, arguments(new int[] {1, 17}, from, to));
    invoke("dnnl_stream_wait", queue);
    return to;
  }

  private static MemorySegment query(MemorySegment description, int slot) {
    try {
      return (MemorySegment)
          function(
                  "dnnl_primitive_desc_query_md",
                  FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT, JAVA_INT))
              .invokeExact(description, QUERY_LAYOUT, slot);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** An array of {@code dnnl_exec_arg_t {int arg; dnnl_memory_t memory;}}. */
  private static MemorySegment arguments(int[] slots, MemorySegment... memories) {
    MemorySegment array = ARENA.allocate(16L * slots.length, 8);
    for (int i = 0; i < slots.length; i++) {
      array.set(JAVA_INT, 16L * i, slots[i]);
      array.set(ADDRESS, 16L * i + 8, memories[i]);
    }
    return array;
  }

  /** Calls a function that makes an object, whose handle goes where the first argument points. */
  private static MemorySegment made(String name, Object... arguments) {
    Object[] all = new Object[arguments.length + 1];
    MemorySegment handle = ARENA.allocate(ADDRESS);
    all[0] = handle;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    invoke(name, all);
    return handle.get(ADDRESS, 0);
  }

  private static void invoke(String name, Object... arguments) {
    MemoryLayout[] types =
        Arrays.stream(arguments)
            .map(a -> a instanceof Integer ? JAVA_INT : a instanceof Long ? JAVA_LONG : ADDRESS)
            .toArray(MemoryLayout[]::new);
    int status;
    try {
      MethodHandle function = function(name, FunctionDescriptor.of(JAVA_INT, types));
      status = (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
      throw new IllegalStateException(name, e);
    }
    if (status != 0) {
      throw new IllegalStateException(name + " returned " + status);
    }
  }

  private static SymbolLookup load() {
    try {
      Path folder = Files.createTempDirectory("onednn");
      for (String file : new String[] {"libgomp.so.1", "libdnnl.so.3"}) {
        String resource = "/org/bytedeco/dnnl/linux-x86_64/" + file;
        try (InputStream in = OneDnn.class.getResourceAsStream(resource)) {
          Files.copy(in, folder.resolve(file));
        }
        folder.resolve(file).toFile().deleteOnExit();
        System.load(folder.resolve(file).toString());
      }
      folder.toFile().deleteOnExit();
      return SymbolLookup.loaderLookup();
    } catch (IOException e) {
      throw new IllegalStateException("oneDNN could not be unpacked", e);
    }
  }
}
