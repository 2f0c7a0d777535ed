package dev.sluice.score;

/**
 * How much of an event's surprise is each field's: by as much as a field surprises more than it
 * usually does for this key.
 *
 * <p>A key's statistics here are {@link #statsSize} doubles: events counted, then each field's
 * usual surprise, an average of about {@value #WINDOW} events. None where there is one field, which
 * has the whole share. All zero for a new key. Immutable and allocation-free.
 */
public final class Shares {

  /** Events over which the usual surprise is averaged. */
  private static final int WINDOW = 1000;

  private final int fields;

  /** Creates the shares of so many fields. */
  public Shares(int fields) {
    this.fields = fields;
  }

  /** Returns the doubles of a key's statistics that are used. */
  public static int statsSize(int fields) {
    return fields == 1 ? 0 : 1 + fields;
  }

  /**
   * Divides an event's surprise, and takes it into the key's statistics.
   *
   * @param surprises by field, in nats; NaN for one that did not come
   * @param shares by field; overwritten with shares in [0, 1] that add up to 1, or are all 0 where
   *     no field surprised more than usual
   * @param stats {@link #statsSize} doubles from {@code at} on; updated
   */
  public void divide(double[] surprises, double[] shares, double[] stats, int at) {
    if (fields == 1) {
      shares[0] = 1;
      return;
    }
    double count = StrictMath.min(++stats[at], WINDOW);
    double sum = 0;
    for (int f = 0; f < fields; f++) {
      double usual = stats[at + 1 + f];
      boolean came = !Double.isNaN(surprises[f]);
      shares[f] = came ? StrictMath.max(0, surprises[f] - usual) : 0;
      sum += shares[f];
      stats[at + 1 + f] = came ? usual + (surprises[f] - usual) / count : usual;
    }
    for (int f = 0; f < fields; f++) {
      shares[f] = sum > 0 ? shares[f] / sum : 0;
    }
  }
}
