package dev.sluice.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a pickle says, of the few things that a state dict is made of: texts, numbers, tuples,
 * dictionaries, and tensors over storages. A pickle is a program; this knows the instructions that
 * build those, calls nothing, and refuses any name that is not in its list.
 *
 * <p>The instructions are those of Python's {@code pickletools}, protocols 2 to 4.
 */
final class Pickle {

  private static final String ORDERED = "collections.OrderedDict";
  private static final String REBUILD = "torch._utils._rebuild_tensor_v2";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final int MAX_RANK = 8;
  private static final String REMEDY =
      "Save no more than the weights: torch.save(model.state_dict(), file)";

  private final ByteBuffer from;
  private final String where;
  private final ArrayList<Object> stack = new ArrayList<>();
  private final Deque<Integer> marks = new ArrayDeque<>();
  private final Map<Integer, Object> memo = new HashMap<>();

  /** A name of Python's, of which only its being there is used. */
  private record Global(String name) {}

  /** Nothing. */
  private enum None {
    NONE
  }

  /**
   * Where a tensor's numbers are.
   *
   * @param kind such as {@code FloatStorage}
   * @param key the entry of the file
   * @param size numbers in it
   */
  record Storage(String kind, String key, long size) {}

  /**
   * A tensor, whose numbers lie behind each other, row-major.
   *
   * @param offset of the first, in numbers
   */
  record Tensor(Storage storage, long offset, List<Integer> shape) {

    int size() {
      long size = 1;
      for (int side : shape) {
        size = Math.multiplyExact(size, side);
      }
      return Math.toIntExact(size);
    }
  }

  private Pickle(ByteBuffer from, String where) {
    this.from = from;
    this.where = where;
  }

  /**
   * Returns the tensors of a pickled dictionary by name; what else it holds is left out.
   *
   * @throws ForeignFileException if it is anything else
   */
  static Map<String, Tensor> tensors(ByteBuffer bytes, String where) {
    var pickle = new Pickle(bytes, where);
    Object result;
    try {
      result = pickle.run();
    } catch (java.nio.BufferUnderflowException | IndexOutOfBoundsException e) {
      throw pickle.refused("the pickle is cut off or damaged");
    } catch (java.util.NoSuchElementException | ClassCastException | ArithmeticException e) {
      throw pickle.refused("the pickle is damaged");
    }
    var tensors = new LinkedHashMap<String, Tensor>();
    if (!(result instanceof Map<?, ?> dictionary)) {
      throw pickle.refused("it holds no dictionary of tensors");
    }
    dictionary.forEach(
        (name, value) -> {
          if (name instanceof String text && value instanceof Tensor tensor) {
            tensors.put(text, tensor);
          }
        });
    return tensors;
  }

  private Object run() {
    while (true) {
      int code = from.get() & 0xff;
      if (code == '.') {
        return pop();
      }
      if (!isNumber(code) && !isText(code) && !isMemo(code)) {
        structure(code);
      }
    }
  }

  private boolean isNumber(int code) {
    switch (code) {
      case 'K' -> stack.add((long) (from.get() & 0xff));
      case 'M' -> stack.add((long) Short.toUnsignedInt(from.getShort()));
      case 'J' -> stack.add((long) from.getInt());
      case 0x8a -> stack.add(longOf(from.get() & 0xff));
      case 0x88 -> stack.add(true);
      case 0x89 -> stack.add(false);
      case 'N' -> stack.add(None.NONE);
      default -> {
        return false;
      }
    }
    return true;
  }

  private long longOf(int size) {
    if (size > Long.BYTES) {
      throw refused("it holds a number of " + size + " bytes");
    }
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (from.get() & 0xffL) << (Byte.SIZE * i);
    }
    int unused = Long.SIZE - Byte.SIZE * size;
    return size == 0 ? 0 : value << unused >> unused;
  }

  private boolean isText(int code) {
    switch (code) {
      case 'X' -> stack.add(text(from.getInt()));
      case 0x8c -> stack.add(text(from.get() & 0xff));
      case 'c' -> stack.add(new Global(line() + "." + line()));
      case 0x93 -> {
        Object name = pop();
        stack.add(new Global(pop() + "." + name));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private String text(int size) {
    if (size < 0 || size > from.remaining()) {
      throw refused("it holds a text of " + Integer.toUnsignedString(size) + " bytes");
    }
    byte[] bytes = new byte[size];
    from.get(bytes);
    return new String(bytes, UTF_8);
  }

  private String line() {
    var line = new StringBuilder();
    for (char c = (char) (from.get() & 0xff); c != '\n'; c = (char) (from.get() & 0xff)) {
      line.append(c);
    }
    return line.toString();
  }

  private boolean isMemo(int code) {
    switch (code) {
      case 'q' -> memo.put(from.get() & 0xff, top());
      case 'r' -> memo.put(from.getInt(), top());
      case 0x94 -> memo.put(memo.size(), top());
      case 'h' -> stack.add(remembered(from.get() & 0xff));
      case 'j' -> stack.add(remembered(from.getInt()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private Object remembered(int key) {
    @Nullable Object value = memo.get(key);
    if (value == null) {
      throw refused("the pickle is damaged");
    }
    return value;
  }

  private void structure(int code) {
    switch (code) {
      case 0x80 -> from.get(); // The protocol.
      case 0x95 -> from.getLong(); // The length of what follows.
      case '(' -> marks.push(stack.size());
      case ')' -> stack.add(List.of());
      case '}' -> stack.add(new LinkedHashMap<Object, Object>());
      case 't' -> stack.add(sinceMark());
      case 0x85 -> stack.add(List.of(pop()));
      case 0x86 -> {
        Object second = pop();
        stack.add(List.of(pop(), second));
      }
      case 0x87 -> {
        Object third = pop();
        Object second = pop();
        stack.add(List.of(pop(), second, third));
      }
      case 's' -> {
        Object value = pop();
        Object key = pop();
        put(key, value);
      }
      case 'u' -> {
        List<Object> pairs = sinceMark();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
          put(pairs.get(i), pairs.get(i + 1));
        }
      }
      case 'b' -> pop(); // What a dictionary knows beside its entries, which says nothing here.
      case 'Q' -> stack.add(storage(pop()));
      case 'R' -> {
        Object arguments = pop();
        stack.add(made((Global) pop(), arguments));
      }
      default -> throw refused("it uses instruction 0x" + Integer.toHexString(code));
    }
  }

  private List<Object> sinceMark() {
    int mark = marks.pop();
    List<Object> tail = stack.subList(mark, stack.size());
    var taken = List.copyOf(tail);
    tail.clear();
    return taken;
  }

  /** Only texts are keys: a dictionary that were its own key would have no end. */
  @SuppressWarnings("unchecked") // Every map on the stack was put there by this class.
  private void put(Object key, Object value) {
    if (!(key instanceof String)) {
      throw refused("it holds a dictionary by something that is no text");
    }
    ((Map<Object, Object>) top()).put(key, value);
  }

  private Object top() {
    return stack.getLast();
  }

  private Object pop() {
    return stack.removeLast();
  }

  private Object storage(Object id) {
    if (id instanceof List<?> parts
        && parts.size() == 5
        && parts.get(1) instanceof Global(var name)
        && name.startsWith("torch.")
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long size
        && size >= 0) {
      return new Storage(name.substring("torch.".length()), key, size);
    }
    throw refused("it holds something that is no storage");
  }

  private Object made(Global global, Object arguments) {
    List<?> given = (List<?>) arguments;
    return switch (global.name()) {
      case ORDERED -> {
        if (!given.isEmpty()) {
          throw refused("it fills a dictionary in an unknown way");
        }
        yield new LinkedHashMap<Object, Object>();
      }
      case REBUILD -> tensor(given);
      case PARAMETER -> given.getFirst();
      default -> throw refused("it would call " + StoredZip.quoted(global.name()));
    };
  }

  private Tensor tensor(List<?> given) {
    Storage storage = (Storage) given.get(0);
    long offset = (Long) given.get(1);
    List<?> sides = (List<?>) given.get(2);
    List<?> strides = (List<?>) given.get(3);
    if (sides.size() > MAX_RANK || strides.size() != sides.size()) {
      throw refused("it holds a tensor of " + sides.size() + " dimensions");
    }
    var shape = new ArrayList<Integer>();
    long step = 1;
    for (int i = sides.size() - 1; i >= 0; i--) {
      long side = (Long) sides.get(i);
      boolean gap = side > 1 && (Long) strides.get(i) != step;
      if (side < 0 || gap) {
        throw refused("it holds a tensor whose rows do not follow each other");
      }
      shape.addFirst(Math.toIntExact(side));
      step = Math.multiplyExact(step, side);
    }
    if (offset < 0 || step > storage.size() - offset) {
      throw refused("it holds a tensor of " + step + " numbers beyond its storage");
    }
    return new Tensor(storage, offset, List.copyOf(shape));
  }

  private ForeignFileException refused(String problem) {
    return new ForeignFileException(where, problem, REMEDY);
  }
}
