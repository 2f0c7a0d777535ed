package dev.sluice.config;

import static dev.sluice.config.Mistakes.VALID;
import static dev.sluice.config.Mistakes.beyondSchema;

import dev.sluice.config.Mistakes.Mistake;
import java.util.stream.Stream;

/** Mistakes about texts that are cut. */
final class TokenMistakes {

  private TokenMistakes() {}

  static Stream<Mistake> all() {
    return Stream.of(
        beyondSchema(
            VALID.replace("predict:", "directions: both\n  attention: dot\n  predict:"),
            "x.yaml:7:15: model.directions: both reads the future, and a key's stream has none yet."
                + " Remove it; only what is said of whole messages (label, tags) is read both ways",
            "x.yaml:8:14: model.attention: dot weighs the tokens of a whole message."
                + " Remove it, or predict a label or tags"),
        beyondSchema(
            VALID.replace("{value: temp}", "{label: kind}"),
            "x.yaml:5:3: features: temp cannot be what label kind is said of."
                + " Write one feature, - tokens: and the field of the text"),
        beyondSchema(
            VALID
                .replace("number: temp", "tokens: text")
                .replace("{value: temp}", "{label: kind, tags: kind}"),
            "x.yaml:7:32: model.predict.tags: kind is the label already."
                + " Give each a field of its own"),
        beyondSchema(
            VALID.replace("number: temp", "tokens: text").replace("{value: temp}", "{tags: text}"),
            "x.yaml:7:12: model.predict: text is the text itself."
                + " Name the field that holds what is to be said of it"),
        beyondSchema(
            VALID.replace("number: temp", "number: temp\n  - tokens: text"),
            "x.yaml:8:12: model.predict: value temp in 40 bins cannot stand beside tokens: text,"
                + " each of which is a step. Write model.predict: {category: text}"),
        beyondSchema(
            VALID
                .replace("number: temp", "{number: temp, scale: key}\n  - tokens: a\n  - tokens: b")
                .replace("{value: temp}", "{category: a}"),
            "x.yaml:5:14: features[0].number: temp with scale: key would be counted once for each"
                + " token of a. Remove the scale, or the number",
            "x.yaml:7:13: features[2].tokens: b is a second text of tokens. Keep one of the two"));
  }
}
