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
