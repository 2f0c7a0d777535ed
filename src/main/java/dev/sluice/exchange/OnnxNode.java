package dev.sluice.exchange;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A node of an ONNX graph.
 *
 * @param inputs names; an empty one stands for an input that is left out
 * @param outputs names, likewise
 */
record OnnxNode(
    String where,
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /** An attribute; what its kind does not have is 0 or empty. */
  record Attribute(
      long number,
      float real,
      String text,
      List<Long> numbers,
      List<String> texts,
      Optional<OnnxArray> array) {}

  /** Reads a {@code NodeProto}. */
  static OnnxNode of(ProtoReader in) {
    var inputs = new ArrayList<String>();
    var outputs = new ArrayList<String>();
    var attributes = new LinkedHashMap<String, Attribute>();
    String name = "";
    String domain = "";
    String operator = "";
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> inputs.add(in.text());
        case 2 -> outputs.add(in.text());
        case 3 -> name = in.text();
        case 4 -> operator = in.text();
        case 5 -> readAttribute(in.message(), attributes);
        case 7 -> domain = in.text();
        default -> {} // Documentation, and what is not known.
      }
    }
    return new OnnxNode(in.where(), name, domain, operator, inputs, outputs, attributes);
  }

  private static void readAttribute(ProtoReader in, Map<String, Attribute> into) {
    var numbers = new ArrayList<Long>();
    var texts = new ArrayList<String>();
    String name = "";
    long number = 0;
    float real = 0;
    String text = "";
    Optional<OnnxArray> array = Optional.empty();
    for (int field = in.next(); field != 0; field = in.next()) {
      switch (field) {
        case 1 -> name = in.text();
        case 2 -> real = in.real();
        case 3 -> number = in.number();
        case 4 -> text = in.text();
        case 5 -> array = Optional.of(OnnxArray.of(in.message()));
        case 8 -> in.numbers(numbers::add);
        case 9 -> texts.add(in.text());
        default -> {} // Graphs within graphs, and what is not known.
      }
    }
    into.put(name, new Attribute(number, real, text, numbers, texts, array));
  }

  /** Returns whether it is an operator of ONNX itself. */
  boolean isStandard() {
    return domain.isEmpty() || domain.equals("ai.onnx");
  }

  /** Returns the name of an input, empty if it is left out. */
  String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** Returns an attribute that is a whole number. */
  long number(String attribute, long otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.number();
  }

  /** Returns an attribute that is a float. */
  float real(String attribute, float otherwise) {
    Attribute found = attributes.get(attribute);
    return found == null ? otherwise : found.real();
  }

  /** Returns an attribute that is whole numbers. */
  Optional<long[]> numbers(String attribute) {
    return Optional.ofNullable(attributes.get(attribute))
        .map(found -> found.numbers().stream().flatMapToLong(LongStream::of).toArray());
  }

  /** Returns what it is called in messages. */
  String label() {
    String known =
        name.isEmpty()
            ? outputs.stream().filter(output -> !output.isEmpty()).findFirst().orElse("")
            : name;
    String shown = StoredZip.quoted(operator);
    return shown.substring(1, shown.length() - 1) + " " + StoredZip.quoted(known);
  }

  /** Returns why it cannot become a model. */
  ForeignFileException refused(String problem, String remedy) {
    return new ForeignFileException(where, label() + " " + problem, remedy);
  }
}
