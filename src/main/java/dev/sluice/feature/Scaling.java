package dev.sluice.feature;

import java.util.List;

/** How a number becomes an input of about unit size. */
public sealed interface Scaling {

  /**
   * The same scale for every key, learned in training.
   *
   * @param mean subtracted; in the field's unit
   * @param deviation divided by; in the field's unit, greater than 0
   */
  record Learned(double mean, double deviation) implements Scaling {

    /** Checks that scaling cannot produce anything but finite numbers. */
    public Learned {
      if (!Double.isFinite(mean) || !(deviation > 0) || !Double.isFinite(deviation)) {
        throw new IllegalArgumentException(
            "mean " + mean + " and deviation " + deviation + " make no scale");
      }
    }
  }

  /**
   * Each key's own mean and deviation, as of before the event; and further views of the value, each
   * an input of its own, and predicted for itself.
   *
   * @param more in their order, each once
   */
  record PerKey(List<View> more) implements Scaling {

    /** Checks that no view stands twice. */
    public PerKey {
      more = List.copyOf(more);
      if (more.stream().distinct().count() < more.size()) {
        throw new IllegalArgumentException("a view stands twice in " + more);
      }
    }

    /** Creates a scale without further views. */
    public PerKey() {
      this(List.of());
    }

    @Override
    public int views() {
      return 1 + more.size();
    }
  }

  /** What else a key's value can be measured by. */
  enum View {
    /** The range in which the key's first values lay. */
    RANGE("range"),
    /** What is usual for the key at this hour of the day. */
    DAY("day");

    private final String text;

    View(String text) {
      this.text = text;
    }

    /** Returns the name used in topology files and artifacts. */
    public String text() {
      return text;
    }
  }

  /** Returns by how many scales a value is seen, each an input of its own. */
  default int views() {
    return 1;
  }
}
