package dev.sluice.general;

import dev.sluice.event.Hash;
import java.util.Locale;
import java.util.Random;

/**
 * A made-up series: a course in a unit, a precision and a rhythm of its own. Reproducible from its
 * seed, on every platform.
 */
final class Series {

  private static final long MINUTE = 60_000;
  private static final long DAY = 86_400_000;
  private static final int[] MINUTES = {1, 5, 5, 5, 10, 30, 60};
  private static final int LEAST_ROWS = 1000;
  private static final int MORE_ROWS = 3000;

  private final Random random;
  private final Family family;
  private final Family.Course course;
  private final long everyMillis;
  private final int rows;
  private final double factor;
  private final double level;
  private final double step;
  private final boolean isPositive;
  private long timeMillis;

  /** Draws a series. */
  Series(long seed) {
    // Seeds in a row begin alike.
    this.random = new Random(Hash.mixed(seed));
    this.family = Family.draw(random);
    this.course = family.course(random);
    this.everyMillis = MINUTE * MINUTES[random.nextInt(MINUTES.length)];
    this.rows = LEAST_ROWS + random.nextInt(MORE_ROWS);
    this.factor = StrictMath.exp(3 * random.nextGaussian());
    this.level = factor * (random.nextBoolean() ? 0 : 10 * random.nextDouble());
    this.step = factor * (random.nextBoolean() ? 1e-3 : Family.between(random, 0.02, 0.5));
    this.isPositive = random.nextInt(3) == 0;
    // Some day of the year 2024, at some minute.
    this.timeMillis = 1_704_067_200_000L + MINUTE * random.nextInt(365 * 24 * 60);
  }

  /** Returns the name of its family. */
  String family() {
    return family.name().toLowerCase(Locale.ROOT);
  }

  /** Returns how many values it has. */
  int rows() {
    return rows;
  }

  /** Returns the time of the value that comes next, in milliseconds since 1970. */
  long timeMillis() {
    return timeMillis;
  }

  /** Returns the next value. */
  double next() {
    long day = Math.floorDiv(timeMillis, DAY);
    double ofDay = (double) Math.floorMod(timeMillis, DAY) / DAY;
    // 1970-01-01 was a Thursday.
    double value = level + factor * course.next(ofDay, Math.floorMod(day + 3, 7));
    timeMillis += everyMillis;
    double rounded = step * StrictMath.rint(value / step);
    return isPositive ? StrictMath.max(0, rounded) : rounded;
  }
}
