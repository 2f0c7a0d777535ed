package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.because;
import static dev.sluice.artifact.ArtifactException.grouped;
import static dev.sluice.artifact.ArtifactException.invalid;
import static dev.sluice.artifact.ArtifactException.printable;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An object of a JSON document, such as the one that says what the tensors mean, read strictly:
 * what is asked for must be there, of the right kind and within its limits, and what was not asked
 * for must not.
 */
final class JsonObject {

  private static final int DEPTH = 8;

  /** Tokens of the largest document: a full vocabulary, and ample room for the rest. */
  private static final int MAX_TOKENS = 3 << 19;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH)
                          .maxTokenCount(MAX_TOKENS)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final String where;
  private final String path;
  private final String remedy;
  private final JsonNode node;
  private final Set<String> asked = new HashSet<>();

  private JsonObject(String where, String path, String remedy, JsonNode node) {
    this.where = where;
    this.path = path;
    this.remedy = remedy;
    this.node = node;
    if (!node.isObject()) {
      throw invalid(where, path + " is not an object", remedy);
    }
  }

  /**
   * Parses {@code text}.
   *
   * @param where the file, for messages
   * @param path what the text is called there, for messages
   * @param remedy what to do if it is not as it must be
   */
  static JsonObject parse(String text, String where, String path, String remedy) {
    try {
      return new JsonObject(where, path, remedy, JSON.readTree(text));
    } catch (JsonProcessingException e) {
      throw invalid(where, path + " is not JSON: " + because(e), remedy);
    }
  }

  /** Returns whether {@code name} is there. */
  boolean has(String name) {
    return node.has(name);
  }

  /** Returns the object {@code name}. */
  JsonObject object(String name) {
    return new JsonObject(where, path(name), remedy, get(name));
  }

  /** Returns the list of objects {@code name}. */
  List<JsonObject> objects(String name, int limit) {
    JsonNode list = list(name, limit);
    var objects = new ArrayList<JsonObject>(list.size());
    for (int i = 0; i < list.size(); i++) {
      objects.add(new JsonObject(where, path(name) + "[" + i + "]", remedy, list.get(i)));
    }
    return objects;
  }

  /** Returns the list of texts {@code name}. */
  List<String> texts(String name, int limit) {
    JsonNode list = list(name, limit);
    var texts = new ArrayList<String>(list.size());
    for (JsonNode item : list) {
      require(item.isTextual(), name, "holds something that is no text");
      texts.add(item.textValue());
    }
    return texts;
  }

  /** Returns the names that {@code this} object has, in their order. */
  List<String> names() {
    var names = new ArrayList<String>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Returns the text {@code name}. */
  String text(String name) {
    JsonNode value = get(name);
    require(value.isTextual(), name, "is no text");
    return value.textValue();
  }

  /** Returns whether {@code name} is a text; {@link #text} or {@link #object} then reads it. */
  boolean isText(String name) {
    return get(name).isTextual();
  }

  /** Returns whether {@code name} is a list; {@link #objects} or {@link #object} then reads it. */
  boolean isList(String name) {
    return get(name).isArray();
  }

  /** Returns the truth value {@code name}. */
  boolean flag(String name) {
    JsonNode value = get(name);
    require(value.isBoolean(), name, "is neither true nor false");
    return value.booleanValue();
  }

  /** Returns the finite number {@code name}. */
  double number(String name) {
    JsonNode value = get(name);
    require(value.isNumber() && Double.isFinite(value.doubleValue()), name, "is no finite number");
    return value.doubleValue();
  }

  /** Returns the whole number {@code name}. */
  long whole(String name) {
    JsonNode value = get(name);
    require(value.isIntegralNumber() && value.canConvertToLong(), name, "is no whole number");
    return value.longValue();
  }

  /** Returns the whole number {@code name}, from {@code least} to {@code most}. */
  int count(String name, int least, int most) {
    long value = whole(name);
    require(
        value >= least && value <= most,
        name,
        "is " + grouped(value) + ", from " + grouped(least) + " to " + grouped(most) + " can be");
    return (int) value;
  }

  /** Returns the list of whole numbers {@code name}, each from 1 to {@code most}. */
  List<Integer> counts(String name, int most, int limit) {
    JsonNode list = list(name, limit);
    var counts = new ArrayList<Integer>(list.size());
    for (JsonNode item : list) {
      require(
          item.isInt() && item.intValue() >= 1 && item.intValue() <= most,
          name,
          "holds something that is no whole number from 1 to " + grouped(most));
      counts.add(item.intValue());
    }
    return counts;
  }

  /** Returns the list of finite numbers {@code name}. */
  List<Double> numbers(String name, int limit) {
    JsonNode list = list(name, limit);
    var numbers = new ArrayList<Double>(list.size());
    for (JsonNode item : list) {
      boolean isFinite = item.isNumber() && Double.isFinite(item.doubleValue());
      require(isFinite, name, "holds something that is no finite number");
      numbers.add(item.doubleValue());
    }
    return numbers;
  }

  /** Returns the list of whole numbers {@code name}. */
  List<Long> wholes(String name, int limit) {
    JsonNode list = list(name, limit);
    var wholes = new ArrayList<Long>(list.size());
    for (JsonNode item : list) {
      boolean isWhole = item.isIntegralNumber() && item.canConvertToLong();
      require(isWhole, name, "holds something that is no whole number");
      wholes.add(item.longValue());
    }
    return wholes;
  }

  /** Refuses the object if it holds a name that was never asked for. */
  void end() {
    for (String name : names()) {
      require(asked.contains(name), name, "is not known");
    }
  }

  /** Returns the refusal of {@code name}. */
  ArtifactException fail(String name, String problem) {
    return invalid(where, path(name) + " " + problem, remedy);
  }

  private JsonNode list(String name, int limit) {
    JsonNode list = get(name);
    require(list.isArray(), name, "is no list");
    require(
        list.size() <= limit,
        name,
        "has " + grouped(list.size()) + " entries, " + grouped(limit) + " are allowed");
    return list;
  }

  private JsonNode get(String name) {
    asked.add(name);
    JsonNode value = node.get(name);
    if (value == null) {
      throw fail(name, "is missing");
    }
    return value;
  }

  private void require(boolean sound, String name, String problem) {
    if (!sound) {
      throw fail(name, problem);
    }
  }

  private String path(String name) {
    return path + "." + printable(name);
  }
}
