package dev.sluice.model;

import java.util.List;

/**
 * What events were like: those that a model was held out from, for its lineage, and those that come
 * now, to compare them with.
 *
 * @param surprise in nats, of what was judged
 * @param fields by feature, in the order of the model's
 */
public record Profile(Spread surprise, List<Field> fields) {

  /** Keeps a copy. */
  public Profile {
    fields = List.copyOf(fields);
  }

  /**
   * One feature.
   *
   * @param name of the feature
   * @param missing events that lack it
   * @param spread of the others: of a number in units of its scale; of a category by the place of
   *     the word in the vocabulary, 0 for an unknown one; of elapsed time as the model reads it
   */
  public record Field(String name, long missing, Spread spread) {

    /** Checks the count. */
    public Field {
      if (missing < 0) {
        throw new IllegalArgumentException("field " + name + ": missing in " + missing + " events");
      }
    }

    /** Returns how many events came, and how many lack the field, as a spread of two bins. */
    public Spread presence() {
      return new Spread(List.of(0.5), List.of(spread.total(), missing));
    }
  }
}
