package dev.sluice.exchange;

import dev.sluice.exchange.OnnxValue.Flow;
import dev.sluice.exchange.OnnxValue.Known;
import dev.sluice.exchange.OnnxValue.Other;
import dev.sluice.exchange.OnnxValue.Zeros;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Nodes that compute nothing: they move axes about, pick parts, or make constants. */
final class OnnxPlumbing {

  private static final Set<String> MOVES =
      Set.of("Identity", "Cast", "Dropout", "Transpose", "Squeeze", "Unsqueeze", "Reshape");
  private static final Set<String> PICKS =
      Set.of("Slice", "Gather", "Split", "Concat", "Expand", "Tile");
  private static final int FLOAT = 1;

  private OnnxPlumbing() {}

  /** Returns what a node makes of its inputs. */
  static OnnxValue of(OnnxNode node, List<OnnxValue> inputs) {
    String operator = node.isStandard() ? node.operator() : "";
    Optional<OnnxValue> made =
        switch (operator) {
          case "Constant" -> constant(node);
          case "ConstantOfShape" -> filled(node);
          case "Concat" ->
              inputs.stream().allMatch(OnnxPlumbing::isZero) ? zeros() : Optional.empty();
          default -> inputs.isEmpty() ? Optional.empty() : moved(node, operator, inputs);
        };
    return made.orElseGet(() -> other(node, operator, inputs));
  }

  private static OnnxValue other(OnnxNode node, String operator, List<OnnxValue> inputs) {
    boolean isPart = MOVES.contains(operator) || PICKS.contains(operator);
    boolean isGiven = isPart && !inputs.isEmpty() && isGiven(inputs.getFirst());
    return new Other(node.label(), isGiven, isPart ? dense(inputs) : Optional.empty());
  }

  /** Returns whether a node leaves the numbers of its inputs as they are, or does not read them. */
  static boolean changesNothing(OnnxNode node) {
    String operator = node.operator();
    boolean isPlain = MOVES.contains(operator) || PICKS.contains(operator);
    return node.isStandard() && (isPlain || operator.equals("Shape"));
  }

  /** Returns the name of the dense layer that made a value. */
  static Optional<String> dense(List<OnnxValue> values) {
    return values.stream()
        .flatMap(
            value ->
                switch (value) {
                  case Flow flow -> flow.dense().stream();
                  case Other other -> other.dense().stream();
                  case Known _, Zeros _ -> Stream.<String>empty();
                })
        .findFirst();
  }

  /** Returns whether a value is an input of the graph, or a part of one. */
  static boolean isGiven(OnnxValue value) {
    return switch (value) {
      case Flow flow -> flow.layers() == 0;
      case Other other -> other.isGiven();
      case Known _, Zeros _ -> false;
    };
  }

  /** Returns whether a value is zeros. */
  static boolean isZero(OnnxValue value) {
    return value instanceof Zeros || value instanceof Known known && known.isZero();
  }

  private static Optional<OnnxValue> zeros() {
    return Optional.of(new Zeros());
  }

  private static Optional<OnnxValue> constant(OnnxNode node) {
    OnnxNode.Attribute value = node.attributes().get("value");
    if (value != null && value.array().isPresent()) {
      return Optional.of(new Known(value.array().get()));
    }
    Optional<long[]> numbers =
        node.numbers("value_ints")
            .or(
                () ->
                    Optional.ofNullable(node.attributes().get("value_int"))
                        .map(one -> new long[] {one.number()}));
    return numbers.map(all -> new Known(OnnxArray.of(node.where(), all)));
  }

  private static Optional<OnnxValue> filled(OnnxNode node) {
    OnnxNode.Attribute value = node.attributes().get("value");
    boolean isZero = value == null || value.array().map(OnnxArray::isZero).orElse(false);
    return isZero ? zeros() : Optional.empty();
  }

  private static Optional<OnnxValue> moved(OnnxNode node, String operator, List<OnnxValue> inputs) {
    return switch (inputs.getFirst()) {
      case Flow flow -> moved(node, operator, flow, inputs);
      case Other _ -> Optional.empty();
      case Known known when operator.equals("Identity") -> Optional.of(known);
      case Known _, Zeros _ -> {
        boolean isKept = MOVES.contains(operator) || PICKS.contains(operator);
        yield isKept && isZero(inputs.getFirst()) ? zeros() : Optional.empty();
      }
    };
  }

  private static Optional<OnnxValue> moved(
      OnnxNode node, String operator, Flow flow, List<OnnxValue> inputs) {
    return switch (operator) {
      case "Identity" -> Optional.of(flow);
      case "Cast" -> node.number("to", 0) == FLOAT ? Optional.of(flow) : Optional.empty();
      case "Dropout" -> isTraining(inputs) ? Optional.empty() : Optional.of(flow);
      case "Transpose" -> flow.transposed(node.numbers("perm"));
      case "Squeeze" -> axes(node, inputs).flatMap(flow::squeezed);
      case "Unsqueeze" -> axes(node, inputs).flatMap(flow::unsqueezed);
      case "Reshape" ->
          node.number("allowzero", 0) == 0
              ? numbers(inputs, 1).flatMap(flow::reshaped)
              : Optional.empty();
      case "Gather" -> last(node, flow, inputs);
      default -> Optional.empty();
    };
  }

  private static boolean isTraining(List<OnnxValue> inputs) {
    return inputs.size() > 2
        && !numbers(inputs, 2).map(all -> LongStream.of(all).allMatch(i -> i == 0)).orElse(false);
  }

  private static Optional<OnnxValue> last(OnnxNode node, Flow flow, List<OnnxValue> inputs) {
    Optional<long[]> index = numbers(inputs, 1);
    if (index.isEmpty() || !LongStream.of(index.get()).allMatch(i -> i == -1)) {
      return Optional.empty();
    }
    int sides = inputs.get(1) instanceof Known(var array, _) ? array.dims().size() : 0;
    return index.get().length == 1 && sides <= 1
        ? flow.last(node.number("axis", 0), sides == 1)
        : Optional.empty();
  }

  /** Returns axes, an attribute until opset 12 and an input since. */
  private static Optional<long[]> axes(OnnxNode node, List<OnnxValue> inputs) {
    return node.numbers("axes").or(() -> numbers(inputs, 1));
  }

  private static Optional<long[]> numbers(List<OnnxValue> inputs, int input) {
    return inputs.size() > input
            && inputs.get(input) instanceof Known(var array, _)
            && array.dims().size() <= 1
            && array.data().remaining() <= Long.BYTES * OnnxValue.MAX_AXES
        ? Optional.of(array.longs())
        : Optional.empty();
  }
}
