package dev.sluice.state;

/**
 * How h and c of a row are stored, and how precise they are.
 *
 * <p>With {@link #FLOAT16} resident rows are floats whose values are those of binary16, rounded
 * after every step: so a row that comes back from its bytes is the row that was written, bit for
 * bit. Statistics are float64 either way.
 */
public enum Encoding {
  /** IEEE 754 binary32, as the kernel computes. */
  FLOAT32(0, Float.BYTES),
  /** IEEE 754 binary16, rounded to nearest even, saturating at ±65504. */
  FLOAT16(1, Short.BYTES);

  private final byte code;
  private final int bytes;

  Encoding(int code, int bytes) {
    this.code = (byte) code;
    this.bytes = bytes;
  }

  /** Returns what stands for it in a row. */
  byte code() {
    return code;
  }

  /** Returns the bytes of one number. */
  public int bytes() {
    return bytes;
  }
}
