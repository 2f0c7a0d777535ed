package dev.sluice.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a value of a graph is to somebody who looks for layers. */
sealed interface OnnxValue {

  /** Most axes that are followed: more would be a trick. */
  int MAX_AXES = 8;

  /**
   * Numbers that are in the file.
   *
   * @param isZero of the numbers, asked once, however many nodes take them
   */
  record Known(OnnxArray array, boolean isZero) implements OnnxValue {

    Known(OnnxArray array) {
      this(array, array.isZero());
    }
  }

  /** Zeros of a shape that does not matter. */
  record Zeros() implements OnnxValue {}

  /**
   * Anything else.
   *
   * @param maker the node, for messages
   * @param isGiven whether it is a part of an input of the graph, as memory may be
   * @param dense the name of the dense layer of whose outputs it is a part
   */
  record Other(String maker, boolean isGiven, Optional<String> dense) implements OnnxValue {}

  /** What an axis of a {@link Flow} counts. */
  enum Axis {
    STEPS,
    BATCH,
    FEATURES,
    /** Nothing: its size is 1. */
    ONE,
    /** Steps or sequences or both. */
    ROWS
  }

  /**
   * What an event brings, on its way through the layers.
   *
   * @param axes in row-major order
   * @param layers recurrent ones that it went through
   * @param features how many, 0 if unknown
   * @param dense the name of the dense layer that it went through
   */
  record Flow(List<Axis> axes, int layers, int features, Optional<String> dense)
      implements OnnxValue {

    public Flow {
      axes = List.copyOf(axes);
    }

    /** Returns whether each row of it is what one event brought. */
    boolean isRows() {
      return !axes.isEmpty() && axes.getLast() == Axis.FEATURES;
    }

    /** Returns whether a recurrent layer can take it, its steps where they belong. */
    boolean isSequence(boolean isBatchFirst) {
      if (axes.size() != 3 || !isRows()) {
        return false;
      }
      boolean isOurs = axes.get(isBatchFirst ? 1 : 0) == Axis.STEPS;
      return layers == 0 || isOurs && axes.get(isBatchFirst ? 0 : 1) != Axis.STEPS;
    }

    private Flow with(List<Axis> others) {
      return new Flow(others, layers, features, dense);
    }

    /** Returns where an axis is that may count from the end; -1 if nowhere. */
    private int at(long axis, int count) {
      long at = axis < 0 ? axis + count : axis;
      return at < 0 || at >= count ? -1 : (int) at;
    }

    /** Returns it with the axes in another order; reversed, if none is given. */
    Optional<OnnxValue> transposed(Optional<long[]> order) {
      if (order.isEmpty()) {
        return Optional.of(with(axes.reversed()));
      }
      var moved = new ArrayList<Axis>();
      for (long axis : order.get()) {
        if (axis < 0 || axis >= axes.size()) {
          return Optional.empty();
        }
        moved.add(axes.get((int) axis));
      }
      return moved.size() == axes.size() ? Optional.of(with(moved)) : Optional.empty();
    }

    /** Returns it without axes of size 1. */
    Optional<OnnxValue> squeezed(long[] which) {
      var left = new ArrayList<Optional<Axis>>();
      axes.forEach(axis -> left.add(Optional.of(axis)));
      for (long axis : which) {
        int at = at(axis, axes.size());
        if (at < 0 || (axes.get(at) == Axis.FEATURES && features != 1)) {
          return Optional.empty();
        }
        left.set(at, Optional.empty());
      }
      return Optional.of(with(left.stream().flatMap(Optional::stream).toList()));
    }

    /** Returns it with more axes of size 1. */
    Optional<OnnxValue> unsqueezed(long[] which) {
      int count = axes.size() + which.length;
      if (count > MAX_AXES) {
        return Optional.empty();
      }
      boolean[] isNew = new boolean[count];
      for (long axis : which) {
        int at = at(axis, count);
        if (at < 0 || isNew[at]) {
          return Optional.empty();
        }
        isNew[at] = true;
      }
      var grown = new ArrayList<Axis>();
      int next = 0;
      for (boolean isOne : isNew) {
        grown.add(isOne ? Axis.ONE : axes.get(next++));
      }
      return Optional.of(with(grown));
    }

    /** Returns it in another shape, if the features of each event stay together. */
    Optional<OnnxValue> reshaped(long[] sides) {
      List<Axis> sized = sized(axes);
      if (sides.length == 0
          || sides.length > MAX_AXES
          || sized.isEmpty()
          || sized.getLast() != Axis.FEATURES) {
        return Optional.empty();
      }
      List<Axis> shaped = shaped(sides);
      long last = sides[sides.length - 1];
      boolean isWhole =
          switch (Math.clamp(last, -1, 1)) {
            case -1 -> sized(shaped).equals(sized); // The rest, which is no more than features.
            case 0 -> sides.length == axes.size() && isRows();
            default -> last == features;
          };
      return isWhole ? Optional.of(with(shaped)) : Optional.empty();
    }

    private List<Axis> shaped(long[] sides) {
      var shaped = new ArrayList<Axis>();
      boolean isKept = true; // What follows a side that is not kept may be cut elsewhere.
      for (int s = 0; s < sides.length - 1; s++) {
        isKept = isKept && sides[s] == 0 && s < axes.size();
        Axis cut = sides[s] == 1 ? Axis.ONE : Axis.ROWS;
        shaped.add(isKept ? axes.get(s) : cut);
      }
      shaped.add(Axis.FEATURES);
      return shaped;
    }

    private static List<Axis> sized(List<Axis> axes) {
      return axes.stream().filter(axis -> axis != Axis.ONE).toList();
    }

    /** Returns the last step. */
    Optional<OnnxValue> last(long axis, boolean isKept) {
      int at = at(axis, axes.size());
      if (at < 0 || axes.get(at) != Axis.STEPS) {
        return Optional.empty();
      }
      var left = new ArrayList<>(axes);
      left.set(at, Axis.ONE);
      if (!isKept) {
        left.remove(at);
      }
      return Optional.of(with(left));
    }
  }
}
