package dev.sluice.feature;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.text.Vocabulary;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns an event into the network's inputs, given the statistics of its key from before the event.
 *
 * <p>A key's statistics are doubles: the latest time of its events, the number of its events, then
 * a {@link RunningScale} for each number that is scaled per key. All zero for a new key.
 *
 * <p>Immutable and allocation-free; one serves all keys and threads.
 */
public final class Encoder {

  /** Inputs are cut off here, so that an absurd value cannot saturate the network for long. */
  public static final float LIMIT = 8;

  /**
   * Doubles at the beginning of a key's statistics that are its clock: the latest time of its
   * events and their number.
   */
  public static final int CLOCK_SIZE = 2;

  private static final int LAST_TIME = 0;
  private static final int EVENTS = 1;
  private static final int SCALES = CLOCK_SIZE;

  private static final long DAY_MILLIS = 86_400_000;
  private static final long WEEK_MILLIS = 7 * DAY_MILLIS;
  // 1970-01-01 was a Thursday; a week begins on Monday.
  private static final long MONDAY_MILLIS = 3 * DAY_MILLIS;
  // A range of this many deviations or less is none.
  private static final double LEAST_RANGE = 1e-3;
  // ln(1 + one year in seconds) is 17: elapsed time fills [0, 1.7].
  private static final double ELAPSED_UNIT = 10;
  private static final Scaling ELAPSED = new Scaling.Learned(0, ELAPSED_UNIT);

  private final Feature[] features;
  private final int[] slots;
  private final int[] scales;
  private final int[] firsts; // By feature: its first input.
  private final int width;
  private final int statsSize;

  /**
   * Creates an encoder.
   *
   * @param spec what the model reads
   * @param schema the slots of the events
   * @throws IllegalArgumentException if the model reads a field that the schema does not have
   */
  public Encoder(FeatureSpec spec, EventSchema schema) {
    List<Feature> list = spec.features();
    this.features = list.toArray(Feature[]::new);
    this.slots = new int[features.length];
    this.scales = new int[features.length];
    this.firsts = new int[features.length];
    this.width = spec.width();
    int scale = SCALES;
    int first = 0;
    for (int i = 0; i < features.length; i++) {
      firsts[i] = first;
      first += features[i].width();
      switch (features[i]) {
        case Feature.Number number -> {
          slots[i] = schema.numberSlot(number.name());
          scales[i] = scale;
          scale += statsSize(number.scaling());
        }
        case Feature.Category category -> slots[i] = schema.wordSlot(category.name());
        case Feature.Time _ -> slots[i] = -1;
      }
    }
    this.statsSize = scale;
  }

  /** Returns I, the number of inputs. */
  public int width() {
    return width;
  }

  /** Returns the doubles that a key's statistics take. */
  public int statsSize() {
    return statsSize;
  }

  /** Returns the doubles that a key's statistics take with numbers that are so scaled. */
  public static int statsSize(Collection<Scaling> scalings) {
    return SCALES + scalings.stream().mapToInt(Encoder::statsSize).sum();
  }

  private static int statsSize(Scaling scaling) {
    return switch (scaling) {
      case Scaling.Learned _ -> 0;
      case Scaling.PerKey perKey -> viewAt(perKey, perKey.views());
    };
  }

  /** Returns where the statistics of a view begin within those of its number. */
  private static int viewAt(Scaling.PerKey scaling, int view) {
    int at = view == 0 ? 0 : RunningScale.SIZE;
    for (int i = 1; i < view; i++) {
      at +=
          switch (scaling.more().get(i - 1)) {
            case RANGE -> RangeScale.SIZE;
            case DAY -> DayScale.SIZE;
          };
    }
    return at;
  }

  /** Returns how many events of the key came before; exact up to 2^53. */
  public static long eventsSeen(double[] stats, int statsAt) {
    return (long) stats[statsAt + EVENTS];
  }

  /**
   * Returns the latest time of the key's events, in milliseconds since 1970-01-01T00:00Z; means
   * nothing where none was seen.
   */
  public static long lastTimeMillis(double[] stats, int statsAt) {
    return (long) stats[statsAt + LAST_TIME];
  }

  /** Returns whether an event of the key with a later time came before this one. */
  public static boolean isLate(Event event, double[] stats, int statsAt) {
    return stats[statsAt + EVENTS] > 0 && event.timeMillis() < stats[statsAt + LAST_TIME];
  }

  /**
   * Writes the inputs of {@code event}.
   *
   * @param event complete and finite, as decoders leave it
   * @param stats the key's statistics from before the event, from {@code statsAt} on; read only
   * @param inputs shape (I); overwritten
   */
  public void encode(Event event, double[] stats, int statsAt, float[] inputs) {
    for (int i = 0; i < features.length; i++) {
      int to = firsts[i];
      switch (features[i]) {
        case Feature.Number _ -> encodeNumber(i, event, stats, statsAt, inputs, to);
        case Feature.Category category -> encodeWord(category, categoryId(i, event), inputs, to);
        case Feature.Time time -> encodeTime(time.kind(), event, stats, statsAt, inputs, to);
      }
    }
  }

  /**
   * Writes what the inputs of feature {@code index} would have been, had something else come.
   *
   * @param view of a number, from 0
   * @param value in units of that view's scale, or the id of a word
   * @param inputs shape (I) of an event; of it the inputs of this view are overwritten
   */
  public void imagine(int index, int view, double value, float[] inputs) {
    switch (features[index]) {
      case Feature.Number number -> {
        inputs[firsts[index] + view] = cut(value);
        if (number.optional()) {
          inputs[firsts[index] + number.scaling().views()] = 0;
        }
      }
      case Feature.Category word -> encodeWord(word, (int) value, inputs, firsts[index]);
      case Feature.Time _ -> inputs[firsts[index]] = (float) value; // The time elapsed.
    }
  }

  private static void encodeWord(Feature.Category category, int id, float[] inputs, int to) {
    int dimensions = category.dimensions();
    System.arraycopy(category.table(), id * dimensions, inputs, to, dimensions);
  }

  private static float cut(double scaled) {
    return (float) StrictMath.max(-LIMIT, StrictMath.min(LIMIT, scaled));
  }

  /** Returns the id of the word that feature {@code index} reads, unknown where it is missing. */
  public int categoryId(int index, Event event) {
    String word = event.word(slots[index]);
    return word == null || !(features[index] instanceof Feature.Category category)
        ? Vocabulary.UNKNOWN
        : category.vocabulary().id(word);
  }

  /** Returns the word that feature {@code index} reads, null where it is missing. */
  public @Nullable String word(int index, Event event) {
    return event.word(slots[index]);
  }

  /**
   * Returns the number that feature {@code index} reads, NaN where it is missing; of the time
   * elapsed, ln(1 + seconds), and NaN for a key's first event.
   */
  public double number(int index, Event event, double[] stats, int statsAt) {
    if (features[index] instanceof Feature.Number) {
      return event.number(slots[index]);
    }
    return stats[statsAt + EVENTS] == 0 ? Double.NaN : elapsed(event, stats, statsAt);
  }

  /** Returns the seconds of which {@link #number} is the logarithm. */
  public static double seconds(double elapsed) {
    return StrictMath.expm1(elapsed);
  }

  private static double elapsed(Event event, double[] stats, int statsAt) {
    double millis = event.timeMillis() - stats[statsAt + LAST_TIME];
    return StrictMath.log1p(StrictMath.max(0, millis / 1000));
  }

  /**
   * Returns the mean that number {@code index} of an event is scaled by; its unit is the field's.
   *
   * @param view which of its scales, from 0
   */
  public double mean(int index, int view, Event event, double[] stats, int statsAt) {
    return switch (scaling(index)) {
      case Scaling.Learned learned -> learned.mean();
      case Scaling.PerKey perKey -> {
        int at = statsAt + scales[index];
        double value = event.number(slots[index]);
        double mean = RunningScale.mean(stats, at, value);
        yield view == 0 ? mean : mean(perKey, view, event, mean, stats, at);
      }
    };
  }

  private static double mean(
      Scaling.PerKey scaling, int view, Event event, double mean, double[] stats, int scaleAt) {
    int at = scaleAt + viewAt(scaling, view);
    return switch (scaling.more().get(view - 1)) {
      case RANGE -> RangeScale.middle(stats, at, mean);
      case DAY -> DayScale.mean(stats, at, event.timeMillis(), mean);
    };
  }

  /**
   * Returns the deviation that number {@code index} is scaled by; its unit is the field's.
   *
   * @param view which of its scales, from 0
   */
  public double deviation(int index, int view, double[] stats, int statsAt) {
    return switch (scaling(index)) {
      case Scaling.Learned learned -> learned.deviation();
      case Scaling.PerKey perKey -> {
        int scaleAt = statsAt + scales[index];
        yield view == 0
            ? RunningScale.deviation(stats, scaleAt)
            : deviation(perKey, view, stats, scaleAt);
      }
    };
  }

  private static double deviation(Scaling.PerKey scaling, int view, double[] stats, int scaleAt) {
    int at = scaleAt + viewAt(scaling, view);
    return switch (scaling.more().get(view - 1)) {
      case RANGE ->
          RangeScale.half(stats, at, RunningScale.deviation(stats, scaleAt) * LEAST_RANGE);
      case DAY -> DayScale.deviation(stats, at, RunningScale.deviation(stats, scaleAt));
    };
  }

  /** Takes the event into the key's statistics, after it was encoded and judged. */
  public void learn(Event event, double[] stats, int statsAt) {
    for (int i = 0; i < features.length; i++) {
      if (features[i] instanceof Feature.Number number) {
        double value = event.number(slots[i]);
        learn(number.scaling(), value, event.timeMillis(), stats, statsAt + scales[i]);
      }
    }
    tick(event, stats, statsAt);
  }

  private static void learn(
      Scaling scaling, double value, long timeMillis, double[] stats, int at) {
    if (!(scaling instanceof Scaling.PerKey perKey) || Double.isNaN(value)) {
      return;
    }
    double deviation = RunningScale.deviation(stats, at);
    RunningScale.learn(stats, at, value);
    for (int view = 1; view < perKey.views(); view++) {
      int viewAt = at + viewAt(perKey, view);
      switch (perKey.more().get(view - 1)) {
        case RANGE -> RangeScale.learn(stats, viewAt, value);
        case DAY -> DayScale.learn(stats, viewAt, timeMillis, value, deviation);
      }
    }
  }

  /**
   * Takes an event into the ranges of the key's first values, and into nothing else: a history is
   * encoded with the ranges that its keys have once they are settled, or else what a range is while
   * it grows would be learned, of which a stream sees little.
   */
  public void foresee(Event event, double[] stats, int statsAt) {
    for (int i = 0; i < features.length; i++) {
      if (features[i] instanceof Feature.Number number
          && number.scaling() instanceof Scaling.PerKey perKey
          && perKey.more().contains(Scaling.View.RANGE)
          && !Double.isNaN(event.number(slots[i]))) {
        int view = 1 + perKey.more().indexOf(Scaling.View.RANGE);
        int at = statsAt + scales[i] + viewAt(perKey, view);
        RangeScale.learn(stats, at, event.number(slots[i]));
      }
    }
  }

  /** Returns the events of a key that {@link #foresee} has a use for. */
  public static int foreseen() {
    return RangeScale.SETTLED;
  }

  /** Takes no more of the event into the key's statistics than that it came, and when. */
  public static void tick(Event event, double[] stats, int statsAt) {
    // An event that comes late does not turn the clock back.
    stats[statsAt + LAST_TIME] =
        stats[statsAt + EVENTS] == 0
            ? event.timeMillis()
            : StrictMath.max(stats[statsAt + LAST_TIME], (double) event.timeMillis());
    stats[statsAt + EVENTS]++;
  }

  private Scaling scaling(int index) {
    return features[index] instanceof Feature.Number number ? number.scaling() : ELAPSED;
  }

  /**
   * Returns the value of number {@code index} in units of one of its scales, NaN where it is
   * missing, not cut off.
   *
   * @param view which of its scales, from 0
   */
  public double scaled(int index, int view, Event event, double[] stats, int statsAt) {
    double number = number(index, event, stats, statsAt);
    double distance = number - mean(index, view, event, stats, statsAt);
    boolean isRounding =
        scaling(index) instanceof Scaling.PerKey
            && StrictMath.abs(distance) <= RunningScale.rounding(stats, statsAt + scales[index]);
    // Not divided by a deviation that may be rounding as well.
    return isRounding ? 0 : distance / deviation(index, view, stats, statsAt);
  }

  private void encodeNumber(int index, Event event, double[] stats, int at, float[] to, int first) {
    Feature.Number number = (Feature.Number) features[index];
    boolean missing = Double.isNaN(event.number(slots[index]));
    int views = number.scaling().views();
    for (int view = 0; view < views; view++) {
      double scaled = missing ? 0 : scaled(index, view, event, stats, at);
      to[first + view] = cut(scaled);
    }
    if (number.optional()) {
      to[first + views] = missing ? 1 : 0;
    }
  }

  private static void encodeTime(
      Feature.Kind kind, Event event, double[] stats, int statsAt, float[] inputs, int to) {
    long millis = event.timeMillis();
    switch (kind) {
      case OF_DAY -> Circle.write(Circle.turn(millis, DAY_MILLIS), inputs, to);
      case OF_WEEK -> Circle.write(Circle.turn(millis + MONDAY_MILLIS, WEEK_MILLIS), inputs, to);
      case ELAPSED -> {
        boolean first = stats[statsAt + EVENTS] == 0;
        inputs[to] = first ? 0 : (float) (elapsed(event, stats, statsAt) / ELAPSED_UNIT);
      }
    }
  }
}
