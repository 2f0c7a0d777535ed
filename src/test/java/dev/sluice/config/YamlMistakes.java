package dev.sluice.config;

import static dev.sluice.config.Mistakes.VALID;
import static dev.sluice.config.Mistakes.beyondSchema;

import dev.sluice.config.Mistakes.Mistake;
import java.util.stream.Stream;

/** Mistakes below the keys: in the YAML itself and in the variables, where no schema looks. */
final class YamlMistakes {

  private static final String SYNTAX = " Check indentation, colons and quotes here";

  private YamlMistakes() {}

  static Stream<Mistake> yaml() {
    return Stream.of(
        beyondSchema("", "x.yaml:1:1: the file is empty. Start with name:, input: and model:"),
        beyondSchema(
            "- a\n", "x.yaml:1:1: a list is not a topology. Start with name:, input: and model:"),
        beyondSchema(
            "a:\"b\"\n",
            "x.yaml:1:1: a:\"b\" is not a topology. Start with name:, input: and model:"),
        beyondSchema(
            VALID + "name: again\n",
            "x.yaml:8:1: name: this key is already written on line 1. Keep one of the two"),
        beyondSchema(
            VALID + "---\nname: b\n",
            "x.yaml:8:1: a second document starts here. Keep one topology in a file"),
        beyondSchema(
            VALID + "training: &a {window: 3}\n",
            "x.yaml:8:11: training: anchors and aliases (a) are not allowed. Write the value out"),
        beyondSchema(
            VALID + "training: *a\n",
            "x.yaml:8:11: training: anchors and aliases (a) are not allowed. Write the value out"),
        beyondSchema(
            VALID + "training: {window: !!int \"3\"}\n",
            "x.yaml:8:20: training.window: tags (tag:yaml.org,2002:int) are not allowed."
                + " Remove it"),
        beyondSchema(
            VALID + "? [a]\n: b\n",
            "x.yaml:8:3: this cannot be a key. Write a plain word of at most 256 characters"),
        beyondSchema(
            VALID + "training: {window: 3\n",
            "x.yaml:9:1: this is not YAML: expected ',' or '}', but got <stream end>." + SYNTAX),
        beyondSchema(
            VALID + "training:\n\twindow: 3\n",
            "x.yaml:9:1: this is not YAML: found character '\\t(TAB)' that cannot start any token."
                + " (Do not use \\t(TAB) for indentation)."
                + SYNTAX),
        beyondSchema(
            VALID + "training: {window: \"\\U",
            "x.yaml:8:23: this is not YAML: a malformed escape." + SYNTAX),
        beyondSchema(
            VALID + "# é \u0007\n", "x.yaml:8:5: the character U+7 is not allowed here." + SYNTAX),
        beyondSchema(
            "a: " + "[".repeat(1000),
            "x.yaml:1:20: a"
                + "[0]".repeat(16)
                + ": the file nests deeper than 16 levels. A topology needs far less"),
        beyondSchema(
            "a: [" + "b,".repeat(30_000) + "]",
            "x.yaml:1:40001: a[19998]: the file has more than 20000 values."
                + " A topology needs far less"));
  }

  static Stream<Mistake> variables() {
    return Stream.of(
        beyondSchema(
            VALID.replace("topic: readings", "topic: ${UNSET}"),
            "x.yaml:3:10: input.topic: ${UNSET} needs the environment variable UNSET, which is not"
                + " set. Set it, or write ${UNSET:-default}"),
        beyondSchema(
            VALID.replace("topic: readings", "topic: ${A:b}"),
            "x.yaml:3:10: input.topic: ${A:b} does not name a variable."
                + " Write ${NAME} or ${NAME:-default}, and $${ where ${ itself is meant"),
        beyondSchema(
            VALID.replace("topic: readings", "topic: ${A:-${B}}"),
            "x.yaml:3:10: input.topic: ${A:-${B}} nests one variable in the default of another."
                + " Write ${NAME} or ${NAME:-default}, and $${ where ${ itself is meant"),
        beyondSchema(
            VALID + "model2: ${UNSET}\n",
            "x.yaml:8:1: model2: there is no such key. Did you mean model?",
            "x.yaml:8:9: model2: ${UNSET} needs the environment variable UNSET, which is not set."
                + " Set it, or write ${UNSET:-default}"),
        // What the environment holds is never repeated: it may be a secret.
        beyondSchema(
            VALID + "training: {window: \"${SECRET:-x}\"}\n",
            "x.yaml:8:20: training.window: ${SECRET:-x} is not a whole number."
                + " Write digits, without quotes"),
        beyondSchema(
            VALID + "training: {window: \"${N:-0}\"}\n",
            "x.yaml:8:20: training.window: ${N:-0} is out of range. Write a whole number from 1 to"
                + " 4096"),
        beyondSchema(
            VALID + "kafka: {sasl.jaas.config: \"hunter2 ${UNSET}\"}\n",
            "x.yaml:8:27: kafka.sasl.jaas.config: this value needs the environment variable UNSET,"
                + " which is not set. Set it, or write ${UNSET:-default}"));
  }
}
