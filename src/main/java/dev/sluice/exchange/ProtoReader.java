package dev.sluice.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;

/**
 * The fields of a protobuf message, one after the other; those that nobody asks for are skipped. A
 * length is compared with what is left before anything is made of it, and messages nest only as
 * deep as their reader asks.
 */
final class ProtoReader {

  /** Most fields of a file: what each takes in memory is more than its bytes. */
  private static final int MAX_FIELDS = 1 << 18;

  private static final int MAX_TEXT_BYTES = 1 << 16;

  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteBuffer in;
  private final String where;
  private final ProtoReader file;
  private int fieldsLeft = MAX_FIELDS; // Of the file only.
  private int field;
  private int wire;
  private boolean isUnread;

  /** Reads the message that a file is. */
  ProtoReader(byte[] bytes, String where) {
    this.in = ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    this.where = where;
    this.file = this;
  }

  private ProtoReader(ByteBuffer in, ProtoReader parent) {
    this.in = in;
    this.where = parent.where;
    this.file = parent.file;
  }

  /** Goes to the next field and returns its number, or 0 at the end. */
  int next() {
    if (isUnread) {
      skip();
    }
    if (!in.hasRemaining()) {
      return 0;
    }
    count();
    long tag = varint(in, where);
    if (tag >>> 3 == 0 || tag >>> 3 > Integer.MAX_VALUE) {
      throw broken("field " + (tag >>> 3) + " cannot be");
    }
    field = (int) (tag >>> 3);
    wire = (int) (tag & 7);
    isUnread = true;
    return field;
  }

  /** Returns where it comes from, for messages. */
  String where() {
    return where;
  }

  /** Returns the field as a whole number. */
  long number() {
    require(VARINT);
    return varint(in, where);
  }

  /** Returns the field as a float. */
  float real() {
    require(FIXED32);
    return left(Float.BYTES).getFloat();
  }

  /** Returns the field as a view of its bytes. */
  ByteBuffer bytes() {
    require(BYTES);
    return left(varint(in, where));
  }

  /** Returns the field as a text. */
  String text() {
    ByteBuffer bytes = bytes();
    if (bytes.remaining() > MAX_TEXT_BYTES) {
      throw broken("a name has " + bytes.remaining() + " bytes");
    }
    return UTF_8.decode(bytes).toString();
  }

  /** Returns the field as a message. */
  ProtoReader message() {
    return new ProtoReader(bytes(), this);
  }

  /** Gives the number, or the packed numbers, of a field that may come several times. */
  void numbers(LongConsumer to) {
    if (wire == VARINT) {
      to.accept(number());
      return;
    }
    ByteBuffer packed = bytes();
    while (packed.hasRemaining()) {
      count();
      to.accept(varint(packed, where));
    }
  }

  /** Returns a number of 7 bits a byte. */
  static long varint(ByteBuffer in, String where) {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!in.hasRemaining()) {
        throw broken(where, "it is cut off");
      }
      byte next = in.get();
      value |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw broken(where, "a number has more than ten bytes");
  }

  private void count() {
    if (file.fieldsLeft-- == 0) {
      throw broken("it has more than " + MAX_FIELDS + " fields");
    }
  }

  private void skip() {
    switch (wire) {
      case VARINT -> number();
      case FIXED64 -> skip(Long.BYTES);
      case BYTES -> bytes();
      case FIXED32 -> skip(Float.BYTES);
      default -> throw broken("field " + field + " is of type " + wire);
    }
  }

  private void skip(int count) {
    isUnread = false;
    left(count);
  }

  private void require(int type) {
    if (wire != type) {
      throw broken("field " + field + " is of type " + wire + ", not " + type);
    }
    isUnread = false;
  }

  private ByteBuffer left(long count) {
    if (count < 0 || count > in.remaining()) {
      throw broken("it is cut off");
    }
    ByteBuffer view = in.slice(in.position(), (int) count).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + (int) count);
    return view;
  }

  private ForeignFileException broken(String problem) {
    return broken(where, problem);
  }

  private static ForeignFileException broken(String where, String problem) {
    return new ForeignFileException(
        where, "no ONNX file: " + problem, "Save the model again, as one .onnx file");
  }
}
