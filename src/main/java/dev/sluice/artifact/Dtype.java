package dev.sluice.artifact;

import java.nio.ByteBuffer;

/** How a number is stored. Those read here widen to a {@code float} without rounding. */
enum Dtype {
  F32(4),
  F16(2),
  BF16(2),
  F64(8),
  I64(8),
  U64(8),
  I32(4),
  U32(4),
  I16(2),
  U16(2),
  I8(1),
  U8(1),
  BOOL(1);

  private final int bytes;

  Dtype(int bytes) {
    this.bytes = bytes;
  }

  /** Returns the bytes one number takes. */
  int bytes() {
    return bytes;
  }

  /** Returns whether every number of this type is a {@code float} exactly. */
  boolean widens() {
    return this == F32 || this == F16 || this == BF16;
  }

  /** Fills {@code target} from {@code source}, which holds that many numbers, little-endian. */
  void read(ByteBuffer source, float[] target) {
    switch (this) {
      case F32 -> source.asFloatBuffer().get(target);
      case F16 -> {
        for (int i = 0; i < target.length; i++) {
          target[i] = Float.float16ToFloat(source.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < target.length; i++) {
          target[i] = Float.intBitsToFloat(source.getShort() << Short.SIZE);
        }
      }
      default -> throw new IllegalArgumentException(this + " does not widen to a float");
    }
  }
}
