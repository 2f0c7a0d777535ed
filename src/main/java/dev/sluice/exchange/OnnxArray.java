package dev.sluice.exchange;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers of an ONNX file, which stay in its bytes until somebody asks.
 *
 * @param name for messages; empty within an attribute
 * @param type of the numbers, as {@code TensorProto.DataType} counts
 * @param data little-endian, or varints
 */
record OnnxArray(
    String where, String name, int type, List<Integer> dims, ByteBuffer data, boolean isVarints) {

  private static final int FLOAT = 1;
  private static final int INT32 = 6;
  private static final int INT64 = 7;
  private static final int BOOL = 9;
  private static final int HALF = 10;
  private static final int DOUBLE = 11;
  private static final int BFLOAT16 = 16;
  private static final int MAX_DIMS = 8;
  private static final String AGAIN = "Save the model again, as one .onnx file";

  OnnxArray {
    dims = List.copyOf(dims);
  }

  /** Reads a {@code TensorProto}. */
  static OnnxArray of(ProtoReader in) {
    var dims = new ArrayList<Integer>();
    int type = 0;
    String name = "";
    ByteBuffer data = ByteBuffer.allocate(0);
    boolean isVarints = false;
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> in.numbers(dim -> addDim(in, dims, dim));
        case 2 -> type = (int) in.number();
        case 8 -> name = in.text();
        case 4, 9, 10 -> { // float_data and double_data are packed as raw_data is
          data = in.bytes();
          isVarints = false;
        }
        case 5, 7 -> {
          data = in.bytes();
          isVarints = true;
        }
        case 13 -> throw external(in.where());
        case 14 -> {
          if (in.number() != 0) {
            throw external(in.where());
          }
        }
        default -> {} // Texts, and what is not known.
      }
    }
    return new OnnxArray(in.where(), name, type, dims, data, isVarints);
  }

  /** Returns whole numbers, in one row. */
  static OnnxArray of(String where, long... values) {
    ByteBuffer data =
        ByteBuffer.allocate(Long.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return new OnnxArray(where, "", INT64, List.of(values.length), data, false);
  }

  private static void addDim(ProtoReader in, List<Integer> dims, long dim) {
    if (dim < 0 || dim > Integer.MAX_VALUE || dims.size() == MAX_DIMS) {
      throw new ForeignFileException(in.where(), "a tensor has a side of " + dim, AGAIN);
    }
    dims.add((int) dim);
  }

  private static ForeignFileException external(String where) {
    return new ForeignFileException(
        where, "its numbers are in another file", "Save it with the weights within");
  }

  /**
   * Returns the numbers, row-major; the caller owns them.
   *
   * @throws ForeignFileException if they are no floating-point numbers, or not as many as its sides
   *     say
   */
  float[] floats() {
    int width =
        switch (type) {
          case FLOAT -> Float.BYTES;
          case DOUBLE -> Double.BYTES;
          case HALF, BFLOAT16 -> Short.BYTES;
          default -> throw refused("has numbers of type " + type, "Save floating-point weights");
        };
    float[] values = new float[count(width)];
    ByteBuffer from = numbers();
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case FLOAT -> from.getFloat();
            case DOUBLE -> (float) from.getDouble();
            case HALF -> Float.float16ToFloat(half(from));
            default -> Float.intBitsToFloat(half(from) << Short.SIZE);
          };
    }
    return values;
  }

  private short half(ByteBuffer from) {
    return isVarints ? (short) ProtoReader.varint(from, where) : from.getShort();
  }

  /**
   * Returns the whole numbers.
   *
   * @throws ForeignFileException if they are none, or not as many as its sides say
   */
  long[] longs() {
    int width =
        switch (type) {
          case INT64 -> Long.BYTES;
          case INT32 -> Integer.BYTES;
          case BOOL -> Byte.BYTES;
          default -> throw refused("has numbers of type " + type + ", no whole ones", AGAIN);
        };
    long[] values = new long[count(width)];
    ByteBuffer from = numbers();
    for (int i = 0; i < values.length; i++) {
      values[i] = isVarints ? ProtoReader.varint(from, where) : whole(from, width);
    }
    return values;
  }

  private static long whole(ByteBuffer from, int width) {
    return switch (width) {
      case Long.BYTES -> from.getLong();
      case Integer.BYTES -> from.getInt();
      default -> from.get();
    };
  }

  /** Returns whether all numbers are floating-point zeros. */
  boolean isZero() {
    if (type != FLOAT && type != DOUBLE && type != HALF && type != BFLOAT16) {
      return false;
    }
    for (int i = 0; i < data.limit(); i++) {
      if (data.get(i) != 0) {
        return false;
      }
    }
    return data.limit() > 0;
  }

  private ByteBuffer numbers() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns how many numbers there are, after a look at whether the bytes can hold them. */
  private int count(int width) {
    long count = 1;
    for (int dim : dims) {
      count = Math.min(count * dim, 1L << Integer.SIZE);
    }
    if (isVarints && (type == FLOAT || type == DOUBLE)) {
      throw refused("has floating-point numbers as whole ones", AGAIN);
    }
    long held = isVarints ? data.remaining() : data.remaining() / width;
    if (isVarints ? count > held : count != held || data.remaining() % width != 0) {
      throw refused("has " + data.remaining() + " bytes for sides " + dims, AGAIN);
    }
    return (int) count;
  }

  private ForeignFileException refused(String problem, String remedy) {
    return new ForeignFileException(
        where, "tensor " + StoredZip.quoted(name) + " " + problem, remedy);
  }
}
