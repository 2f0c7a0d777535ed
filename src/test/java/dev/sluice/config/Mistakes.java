package dev.sluice.config;

import java.util.List;
import java.util.stream.Stream;

/**
 * What people get wrong, and the exact words they are told. Each row is a small valid file with one
 * edit; the lines were worked out by hand from the file.
 */
final class Mistakes {

  /** A valid file, seven lines long. */
  static final String VALID =
      """
      name: readings
      input:
        topic: readings
      features:
        - number: temp
      model:
        predict: {value: temp}
      """;

  /** The public key of RFC 8032, section 7.1, test 1, in the form of X.509. */
  static final String KEY = "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

  /** That of test 2. */
  static final String OTHER_KEY = "MCowBQYDK2VwAyEAPUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw=";

  private Mistakes() {}

  /**
   * A wrong file.
   *
   * @param yaml its text
   * @param schema whether a JSON Schema can tell
   * @param lines the whole message
   */
  record Mistake(String yaml, boolean schema, List<String> lines) {
    @Override
    public String toString() {
      return lines.isEmpty() ? yaml : lines.getFirst();
    }
  }

  static Stream<Mistake> all() {
    return Stream.of(
            structure(),
            types(),
            ranges(),
            names(),
            KeyMistakes.all(),
            ViewMistakes.all(),
            TokenMistakes.all(),
            relations(),
            YamlMistakes.yaml(),
            YamlMistakes.variables())
        .flatMap(rows -> rows);
  }

  private static Stream<Mistake> structure() {
    return Stream.of(
        edit(
            "model:\n",
            "model:\n  hiden: 8\n",
            "x.yaml:7:3: model.hiden: there is no such key. Did you mean hidden?"),
        add("traning: {}", "x.yaml:8:1: traning: there is no such key. Did you mean training?"),
        add(
            "output: {dead-letters: a}",
            "x.yaml:8:10: output.dead-letters: there is no such key. Did you mean deadLetters?"),
        add(
            "state: {x: 1}",
            "x.yaml:8:9: state.x: there is no such key. Known here: onSwap, rewarm,"
                + " shadow, encoding, expireAfter, store, cache, memory, snapshotEvery, rowsEvery,"
                + " adapt, adaptRate"),
        edit(
            "number: temp",
            "nubmer: temp",
            "x.yaml:5:5: features[0].nubmer: there is no such key. Did you mean number?"),
        edit(
            "number: temp",
            "number: temp\n    dimensions: 3",
            "x.yaml:6:5: features[0].dimensions: there is no such key."
                + " Known here: number, scale, views, optional"),
        edit(
            "  - number: temp\n",
            "  - number: temp\n  - {}\n",
            "x.yaml:6:5: features[1]: nothing is chosen. Write one of number, category, tokens,"
                + " time"),
        edit(
            "number: temp",
            "{number: temp, category: temp}",
            "x.yaml:5:20: features[0].category: this cannot stand beside number."
                + " Keep one of the two"),
        edit(
            "{value: temp}",
            "{value: temp, gaussian: temp}",
            "x.yaml:7:26: model.predict.gaussian: this cannot stand beside value."
                + " Keep one of the two"),
        edit(
            "{value: temp}",
            "{gaussian: temp, bins: 9}",
            "x.yaml:7:29: model.predict.bins: there is no such key. Known here: gaussian"),
        edit(
            "name: readings\n",
            "",
            "x.yaml:1:1: name: nothing is given. Write name: and a word, such as readings"),
        edit(
            "  topic: readings",
            "  format: json",
            "x.yaml:3:3: input.topic: nothing is given."
                + " Write topic: and the Kafka topic to read"),
        edit(
            "features:\n  - number: temp\n",
            "",
            "x.yaml:1:1: features: nothing is given."
                + " Write a list of at least one, such as - number: temperature"),
        edit(
            "  predict: {value: temp}",
            "  hidden: 8",
            "x.yaml:7:3: model.predict: nothing is chosen."
                + " Write one of value, gaussian, category"));
  }

  private static Stream<Mistake> types() {
    return Stream.of(
        add(
            "training: {window: many}",
            "x.yaml:8:20: training.window: many is not a whole number."
                + " Write digits, without quotes"),
        add(
            "training: {window: \"64\"}",
            "x.yaml:8:20: training.window: \"64\" is not a whole number."
                + " Write digits, without quotes"),
        add(
            "training: {window: 1.5}",
            "x.yaml:8:20: training.window: 1.5 is not a whole number."
                + " Write digits, without quotes"),
        add(
            "training: {dropout: none}",
            "x.yaml:8:21: training.dropout: none is not a number. Write digits, without quotes"),
        // The library that judges the schema in our tests takes yes for true.
        beyondSchema(
            VALID + "weights: {requireSignature: yes}\n",
            "x.yaml:8:29: weights.requireSignature: yes is not true or false."
                + " Write true or false, without quotes"),
        add(
            "weights: {topic: off}",
            "x.yaml:8:18: weights.topic: off is not text. Put it in quotes"),
        add("weights: {topic: 12}", "x.yaml:8:18: weights.topic: 12 is not text. Put it in quotes"),
        add(
            "weights: {topic: [a]}",
            "x.yaml:8:18: weights.topic: a list is not a single value."
                + " Write one value on this line"),
        add(
            "training: 5",
            "x.yaml:8:11: training: 5 is not a section."
                + " Write its keys and values below it, indented"),
        add(
            "training:",
            "x.yaml:8:10: training: nothing is written here. Write a value, or remove the key"),
        add(
            "state: {onSwap: ~}",
            "x.yaml:8:17: state.onSwap: nothing is written here. Write a value, or remove the key"),
        add(
            "state: {onSwap: forget}",
            "x.yaml:8:17: state.onSwap: forget is not a choice here."
                + " Write keep or reset or rewarm or shadow"),
        add(
            "state: {rewarm: 0, shadow: 100001}",
            "x.yaml:8:17: state.rewarm: 0 is out of range. Write a whole number from 1 to 250",
            "x.yaml:8:28: state.shadow: 100001 is out of range."
                + " Write a whole number from 1 to 100000"),
        add(
            "state: {cache: 256}",
            "x.yaml:8:16: state.cache: 256 is not a size."
                + " Write a whole number and its unit, such as 64KB, 256MB or 2GB"),
        beyondSchema(
            VALID + "state: {memory: 1023KB, cache: 63KB, expireAfter: 999ms}\n",
            "x.yaml:8:17: state.memory: 1023KB is out of range."
                + " Write a size from 1MB to 1024TB",
            "x.yaml:8:32: state.cache: 63KB is out of range. Write a size from 64KB to 1024TB",
            "x.yaml:8:51: state.expireAfter: 999ms is out of range."
                + " Write a duration from 1s to 36500d"),
        add(
            "delivery: {guarantee: exactly_once}",
            "x.yaml:8:23: delivery.guarantee: exactly_once is not a choice here."
                + " Write exactly-once or at-least-once"),
        add(
            "delivery: {commitInterval: 100}",
            "x.yaml:8:28: delivery.commitInterval: 100 is not a duration."
                + " Write a whole number and its unit, such as 100ms, 2s or 5m"),
        add(
            "kafka: {linger.ms: [5]}",
            "x.yaml:8:20: kafka.linger.ms: a list is not a single value."
                + " Write one value on this line"),
        edit(
            "  - number: temp",
            "  number: temp",
            "x.yaml:5:3: features: a section is not a list. Start each entry with a hyphen"),
        edit(
            "- number: temp",
            "- temp",
            "x.yaml:5:5: features[0]: temp is not a section."
                + " Write its keys and values below it, indented"),
        edit(
            "- number: temp",
            "- time: of-year",
            "x.yaml:5:11: features[0].time: of-year is not a choice here."
                + " Write of-day or of-week or elapsed"));
  }

  private static Stream<Mistake> ranges() {
    return Stream.of(
        add(
            "weights: {guard: {worse: 0, events: 199, within: 31d}}",
            "x.yaml:8:26: weights.guard.worse: 0 is out of range."
                + " Write a number above 0 and up to 20",
            "x.yaml:8:37: weights.guard.events: 199 is out of range."
                + " Write a whole number from 200 to 100000000",
            "x.yaml:8:50: weights.guard.within: 31d is out of range."
                + " Write a duration from 1s to 30d"),
        edit(
            "model:\n",
            "model:\n  hidden: 0\n",
            "x.yaml:7:11: model.hidden: 0 is out of range. Write a whole number from 1 to 4096"),
        edit(
            "model:\n",
            "model:\n  hidden: 99999999999999999999\n",
            "x.yaml:7:11: model.hidden: 99999999999999999999 is out of range."
                + " Write a whole number from 1 to 4096"),
        edit(
            "{value: temp}",
            "{value: temp, bins: 1}",
            "x.yaml:7:32: model.predict.bins: 1 is out of range."
                + " Write a whole number from 2 to 1024"),
        edit(
            "number: temp",
            "number: temp\n  - {category: kind, dimensions: 257}",
            "x.yaml:6:34: features[1].dimensions: 257 is out of range."
                + " Write a whole number from 1 to 256"),
        add(
            "score: {threshold: 0}",
            "x.yaml:8:20: score.threshold: 0 is out of range. Write a number above 0 and up to 1"),
        add(
            "alerts: {minEvents: 0, suppress: [{daily: 6pm}, {weekly: sat, why: a}]}",
            "x.yaml:8:21: alerts.minEvents: 0 is out of range."
                + " Write a whole number from 1 to 1000000",
            "x.yaml:8:43: alerts.suppress[0].daily: 6pm is no time of day."
                + " Write when it begins and ends, UTC, such as 22:00-06:00",
            "x.yaml:8:58: alerts.suppress[1].weekly: sat is no time of the week."
                + " Write when it begins and ends, UTC, such as sat 00:00-mon 06:00"),
        add(
            "alerts: {suppress: [{from: 2026-12-24}, {key: a}]}",
            "x.yaml:8:21: alerts.suppress[0].to: nothing is given."
                + " Write to: and the time it ends",
            "x.yaml:8:41: alerts.suppress[1]: nothing is chosen."
                + " Write one of daily, weekly, from"),
        beyondSchema(
            VALID + "alerts: {suppress: [{from: 2026-12-24, to: 2026-12-23}, {from: a, to: b}]}\n",
            "x.yaml:8:44: alerts.suppress[0].to: 2026-12-23 is not after from."
                + " Write a later time",
            "x.yaml:8:64: alerts.suppress[1].from: a is no time."
                + " Write it like 2026-11-23T14:00:00Z"),
        add(
            "output: {interval: 1.0}",
            "x.yaml:8:20: output.interval: 1.0 is out of range. Write a number above 0 and below"
                + " 1"),
        add(
            "training: {validation: 0.6}",
            "x.yaml:8:24: training.validation: 0.6 is out of range."
                + " Write a number from 0.01 to 0.5"),
        add(
            "training: {seed: 9007199254740992}",
            "x.yaml:8:18: training.seed: 9007199254740992 is out of range."
                + " Write a whole number from 0 to 9007199254740991"),
        beyondSchema(
            VALID + "delivery: {commitInterval: 6m}\n",
            "x.yaml:8:28: delivery.commitInterval: 6m is out of range."
                + " Write a duration from 10ms to 5m"),
        edit(
            "  - number: temp",
            "  []",
            "x.yaml:5:3: features: 0 features are out of range. Write 1 to 256"),
        // Two sections, three mistakes, in the order of the file.
        add(
            "training: {batch: 0, window: 5000}\nscore: {quiet: -1}",
            "x.yaml:8:19: training.batch: 0 is out of range. Write a whole number from 1 to 4096",
            "x.yaml:8:30: training.window: 5000 is out of range."
                + " Write a whole number from 1 to 4096",
            "x.yaml:9:16: score.quiet: -1 is out of range."
                + " Write a whole number from 0 to 1000000"));
  }

  private static Stream<Mistake> names() {
    String topicRemedy =
        "Write 1 to 249 letters, digits, dots, underscores or hyphens, and not . or ..";
    String nameRemedy =
        "Write a lower-case letter, then up to 62 lower-case letters, digits or hyphens";
    return Stream.of(
        edit(
            "name: readings",
            "name: Readings",
            "x.yaml:1:7: name: Readings is not a legal name. " + nameRemedy),
        edit(
            "model:\n",
            "model:\n  id: a/b\n",
            "x.yaml:7:7: model.id: a/b is not a legal name. " + nameRemedy),
        edit(
            "model:\n",
            "model:\n  weights: int8\n",
            "x.yaml:7:12: model.weights: int8 is not a choice here. Write float32 or int16"),
        edit(
            "topic: readings",
            "topic: a b",
            "x.yaml:3:10: input.topic: a b is not a legal Kafka topic name. " + topicRemedy),
        add(
            "weights: {topic: ..}",
            "x.yaml:8:18: weights.topic: .. is not a legal Kafka topic name. " + topicRemedy),
        add(
            "output: {alerts: '', scores: " + "x".repeat(250) + "}",
            "x.yaml:8:18: output.alerts: \"\" is not a legal Kafka topic name. " + topicRemedy,
            "x.yaml:8:30: output.scores: "
                + "x".repeat(60)
                + "… is not a legal Kafka topic name. "
                + topicRemedy),
        edit(
            "number: temp",
            "number: \"a\\nb\"",
            "x.yaml:5:13: features[0].number: \"a\\u{a}b\" cannot be a field name."
                + " Write the name of a field of the event, 1 to 256 printable characters"));
  }

  private static Stream<Mistake> relations() {
    return Stream.of(
        beyondSchema(
            VALID.replace("{value: temp}", "{value: [temp, tmp]}"),
            "x.yaml:7:27: model.predict.value[1]: tmp is not a declared number."
                + " Did you mean temp?"),
        beyondSchema(
            VALID.replace("{value: temp}", "{value: tmep}"),
            "x.yaml:7:20: model.predict.value: tmep is not a declared number. Did you mean temp?"),
        beyondSchema(
            VALID.replace("{value: temp}", "{category: page}"),
            "x.yaml:7:23: model.predict.category: page is not a declared category."
                + " Add it to features as - category:"),
        beyondSchema(
            VALID.replace("number: temp", "category: temp"),
            "x.yaml:7:20: model.predict.value: temp is declared as a category."
                + " Predict it as a category, or declare it as a number"),
        beyondSchema(
            VALID.replace("number: temp", "number: temp\n  - category: temp"),
            "x.yaml:6:15: features[1].category: temp is already declared by features[0]."
                + " Keep one of the two"),
        beyondSchema(
            VALID + "output: {scores: readings, alerts: a, deadLetters: a}\n",
            "x.yaml:8:18: output.scores: readings is also input.topic."
                + " Give each a topic of its own",
            "x.yaml:8:52: output.deadLetters: a is also output.alerts."
                + " Give each a topic of its own"),
        // The default collides: there is no value to point at, so the file is.
        beyondSchema(
            VALID.replace("topic: readings", "topic: readings-alerts"),
            "x.yaml:1:1: output.alerts: readings-alerts is also input.topic."
                + " Give each a topic of its own"),
        beyondSchema(
            VALID.replace("topic: readings", "topic: readings\n  timeUnit: seconds"),
            "x.yaml:4:13: input.timeUnit: seconds means nothing while time is record."
                + " Remove it, or write time: and the name of a field"),
        beyondSchema(
            VALID + "state: {rowsEvery: 10s, store: rocksdb}",
            "x.yaml:8:20: state.rowsEvery: 10s means nothing while store is rocksdb, which makes"
                + " room with rows that are written. Remove it, or write store: resident"),
        beyondSchema(
            VALID.replace("topic: readings", "topic: readings\n  key: id")
                + "state: {rowsEvery: 10s}",
            "x.yaml:9:20: state.rowsEvery: 10s cannot stand beside input.key: id, whose events are"
                + " re-keyed by a topic that keeps none. Remove it, or write the key into the"
                + " records and input.key: record"),
        add(
            "kafka: {processing.guarantee: at_least_once}",
            "x.yaml:8:31: kafka.processing.guarantee: the topology sets this property."
                + " Write delivery.guarantee instead"));
  }

  static Mistake edit(String from, String to, String... lines) {
    if (!VALID.contains(from)) {
      throw new IllegalArgumentException(from);
    }
    return new Mistake(VALID.replace(from, to), true, List.of(lines));
  }

  private static Mistake add(String section, String... lines) {
    return new Mistake(VALID + section + "\n", true, List.of(lines));
  }

  static Mistake beyondSchema(String yaml, String... lines) {
    return new Mistake(yaml, false, List.of(lines));
  }
}
