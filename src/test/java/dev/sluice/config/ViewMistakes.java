package dev.sluice.config;

import static dev.sluice.config.Mistakes.beyondSchema;
import static dev.sluice.config.Mistakes.edit;

import dev.sluice.config.Mistakes.Mistake;
import java.util.stream.Stream;

/** Mistakes in what a number is measured by, in lists of predicted fields, and of late. */
final class ViewMistakes {

  private ViewMistakes() {}

  static Stream<Mistake> all() {
    return Stream.of(
        edit(
            "number: temp",
            "number: temp\n    views: [range]",
            "x.yaml:6:12: features[0].views: views of temp need a scale of the key's own."
                + " Write scale: key beside them"),
        edit(
            "number: temp",
            "number: temp\n    scale: key\n    views: [range, week]",
            "x.yaml:7:20: features[0].views[1]: week is not a choice here."
                + " Write range or day"),
        edit(
            "number: temp",
            "number: temp\n    scale: key\n    views: [day, day]",
            "x.yaml:7:12: features[0].views: one of 2 views stands twice. Keep one of the two"),
        beyondSchema(
            Mistakes.VALID.replace("{value: temp}", "{value: temp}\n  start: general"),
            "x.yaml:8:10: model.start: general needs model.predict to name one number with scale:"
                + " key. Give that number scale: key, predict it alone, or remove model.start"),
        beyondSchema(
            Mistakes.VALID + "alerts: {feedback: readings}\n",
            "x.yaml:8:20: alerts.feedback: readings is also input.topic. Give each a topic of its"
                + " own"),
        edit(
            "{value: temp}",
            "{value: [temp, temp]}",
            "x.yaml:7:27: model.predict.value[1]: temp is already predicted."
                + " Keep one of the two"));
  }
}
