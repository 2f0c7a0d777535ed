package dev.sluice.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The {@code kafka} section: client properties, handed through as they are.
 *
 * @param values property to value, in the order of the file; may hold secrets, so print {@link
 *     #redacted} instead
 */
public record KafkaProperties(Map<String, String> values) {

  private static final Pattern SECRET =
      Pattern.compile("password|secret|token|jaas|key", Pattern.CASE_INSENSITIVE);
  private static final String REDACTED = "<redacted>";
  private static final int MAX_VALUES = 1000;

  // Two places to say one thing would one day disagree.
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "application.id", "name",
          "processing.guarantee", "delivery.guarantee",
          "commit.interval.ms", "delivery.commitInterval",
          "num.stream.threads", "delivery.threads");

  /**
   * Checks the section and copies the map.
   *
   * @throws TopologyException naming every property at fault, never its value
   */
  public KafkaProperties {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    var check = new Check("");
    check.require(
        values.size() <= MAX_VALUES,
        "kafka",
        values.size() + " properties",
        "are too many",
        "Write at most " + MAX_VALUES);
    for (String property : values.keySet()) {
      String path = "kafka." + property;
      check.require(
          !property.isBlank(),
          path,
          "",
          "a property needs a name",
          "Write the name of a Kafka client property");
      String ours = ELSEWHERE.getOrDefault(property, "");
      check.require(
          ours.isEmpty(),
          path,
          "",
          "the topology sets this property",
          "Write " + ours + " instead");
    }
    check.done();
  }

  /** Whether the value of {@code property} must not be shown. */
  public static boolean isSecret(String property) {
    return SECRET.matcher(property).find();
  }

  /** The properties with every secret replaced, for people to see. */
  public Map<String, String> redacted() {
    var shown = new LinkedHashMap<String, String>();
    values.forEach((key, value) -> shown.put(key, isSecret(key) ? REDACTED : value));
    return shown;
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "KafkaProperties" + redacted();
  }
}
