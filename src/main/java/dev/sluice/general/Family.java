package dev.sluice.general;

import java.util.Random;

/**
 * A kind of series, as operators watch them. A series of a family has parameters of its own; most
 * of its values lie within a few units of 0, before {@link Series} gives them a unit.
 */
enum Family {
  /** People's work: a day, weaker at weekends, with noise that lasts. */
  DAILY(8) {
    @Override
    Course course(Random random) {
      return new Daily(random);
    }
  },
  /** Noise that lasts or not, with light or heavy tails, and no calendar. */
  NOISE(4) {
    @Override
    Course course(Random random) {
      double lasting = random.nextBoolean() ? 0 : random.nextDouble();
      var noise = new Noise(random, lasting, random.nextInt(3) * 0.4);
      return (_, _) -> noise.next();
    }
  },
  /** Wanders, and comes back at last: temperatures, queues, prices. */
  WALK(2) {
    @Override
    Course course(Random random) {
      double back = between(random, 0.001, 0.03);
      double step = StrictMath.sqrt(2 * back);
      double jitter = random.nextBoolean() ? 0 : between(random, 0, 0.3);
      double[] at = {random.nextGaussian()};
      return (_, _) -> {
        at[0] += step * random.nextGaussian() - back * at[0];
        return at[0] + jitter * random.nextGaussian();
      };
    }
  },
  /** Calm with bursts, each high at once and gone slowly or suddenly: disks, jobs, requests. */
  BURSTS(5) {
    @Override
    Course course(Random random) {
      return new Bursts(random);
    }
  },
  /** How often something happened: few or many, by day or at all times, at times in crowds. */
  COUNTS(5) {
    @Override
    Course course(Random random) {
      return new Counts(random);
    }
  },
  /** One of a few levels for a while: on and off, batches, configurations. */
  LEVELS(3) {
    @Override
    Course course(Random random) {
      return new Levels(random);
    }
  },
  /** Rises to a limit, and falls: memory between collections, disks between cleanings. */
  SAW(2) {
    @Override
    Course course(Random random) {
      double rise = 1 / between(random, 8, 300);
      double uneven = between(random, 0, 1);
      double[] at = {random.nextDouble()};
      var noise = new Noise(random, 0, 0);
      double share = random.nextBoolean() ? 0.02 : 0.2;
      return (_, _) -> {
        at[0] += rise * (1 + uneven * random.nextGaussian());
        at[0] = at[0] > 1 ? uneven * random.nextDouble() / 3 : StrictMath.max(0, at[0]);
        return 3 * at[0] + share * noise.next();
      };
    }
  },
  /** Hardly moves. */
  CALM(3) {
    @Override
    Course course(Random random) {
      double often = random.nextBoolean() ? 0.02 : 0.3;
      double[] at = {0};
      return (_, _) -> {
        boolean moves = random.nextDouble() < often;
        at[0] = moves ? 0.5 * random.nextGaussian() + 0.5 * at[0] : at[0];
        return at[0];
      };
    }
  };

  private final int weight;

  Family(int weight) {
    this.weight = weight;
  }

  /** Begins a series with parameters drawn from {@code random}, which it goes on to use. */
  abstract Course course(Random random);

  /** Draws a family, each as often as its weight says. */
  static Family draw(Random random) {
    int sum = 0;
    for (Family family : values()) {
      sum += family.weight;
    }
    int left = random.nextInt(sum);
    for (Family family : values()) {
      left -= family.weight;
      if (left < 0) {
        return family;
      }
    }
    throw new AssertionError(left);
  }

  /** What a series does, value after value. */
  interface Course {

    /**
     * Returns the next value.
     *
     * @param day part of the day gone by, in [0, 1)
     * @param week day of the week, 0 for Monday, to 6
     */
    double next(double day, int week);
  }

  static double between(Random random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }

  /** Gaussian noise of deviation 1 that may last (AR(1)) and may have heavy tails. */
  private static final class Noise {
    private final Random random;
    private final double lasting;
    private final double tails;
    private double before;

    Noise(Random random, double lasting, double tails) {
      this.random = random;
      this.lasting = lasting;
      this.tails = tails;
    }

    double next() {
      // A mixture of deviations has heavier tails than each of them.
      double wide = StrictMath.exp(tails * random.nextGaussian() - tails * tails);
      double fresh = wide * random.nextGaussian();
      before = lasting * before + StrictMath.sqrt(1 - lasting * lasting) * fresh;
      return before;
    }
  }

  /** A curve over the day, from a few harmonics, about 1 high. */
  private static final class Day {
    private final double[] sizes = new double[4];
    private final double[] phases = new double[4];
    private final double[] ofDay = new double[7];

    Day(Random random) {
      double fall = between(random, 0.3, 0.8);
      double size = 1;
      for (int i = 0; i < sizes.length; i++) {
        sizes[i] = size * between(random, 0.3, 1);
        phases[i] = random.nextDouble();
        size *= fall;
      }
      double weekend = random.nextBoolean() ? 1 : between(random, 0.1, 1);
      for (int d = 0; d < ofDay.length; d++) {
        ofDay[d] = (d < 5 ? 1 : weekend) * between(random, 0.9, 1.1);
      }
    }

    double at(double day, int week) {
      double sum = 0;
      for (int i = 0; i < sizes.length; i++) {
        sum += sizes[i] * StrictMath.sin(2 * StrictMath.PI * ((i + 1) * day + phases[i]));
      }
      return ofDay[week] * sum;
    }
  }

  private static final class Daily implements Course {
    private final Random random;
    private final Day day;
    private final Noise noise;
    private final double share;
    private final double spikes;

    Daily(Random random) {
      this.random = random;
      this.day = new Day(random);
      this.noise = new Noise(random, random.nextBoolean() ? 0.3 : 0.9, random.nextInt(3) * 0.3);
      this.share = random.nextBoolean() ? between(random, 0.03, 0.2) : between(random, 0.2, 1);
      this.spikes = random.nextInt(3) == 0 ? 0.003 : 0;
    }

    @Override
    public double next(double at, int week) {
      double spike = random.nextDouble() < spikes ? 2 * random.nextGaussian() : 0;
      return day.at(at, week) + share * noise.next() + spike;
    }
  }

  private static final class Bursts implements Course {
    private final Random random;
    private final Noise noise;
    private final double often;
    private final double lasting;
    private final double share;
    private final double uneven;
    private double height;

    Bursts(Random random) {
      this.random = random;
      this.noise = new Noise(random, 0, random.nextInt(3) * 0.3);
      this.often = StrictMath.exp(between(random, -6, -2));
      this.lasting = random.nextInt(3) == 0 ? 0 : between(random, 0, 0.95);
      this.share = StrictMath.exp(between(random, -5, -1.5));
      this.uneven = between(random, 0.05, 1);
    }

    @Override
    public double next(double day, int week) {
      height *= lasting;
      if (random.nextDouble() < often) {
        height += 3 * StrictMath.exp(uneven * random.nextGaussian());
      }
      return height + share * noise.next();
    }
  }

  private static final class Counts implements Course {
    private final Random random;
    private final Day day;
    private final double rate;
    private final double byDay;
    private final double crowds;
    private final double lasting;
    private double crowd;

    Counts(Random random) {
      this.random = random;
      this.day = new Day(random);
      this.rate = StrictMath.exp(between(random, -1.5, 4.5));
      this.byDay = random.nextBoolean() ? 0 : between(random, 0.2, 1);
      this.crowds = random.nextBoolean() ? 0 : StrictMath.exp(between(random, -6.5, -3));
      this.lasting = between(random, 0, 0.9);
    }

    @Override
    public double next(double at, int week) {
      crowd *= lasting;
      if (random.nextDouble() < crowds) {
        crowd += StrictMath.exp(random.nextGaussian());
      }
      double now = rate * StrictMath.exp(byDay * day.at(at, week)) * (1 + crowd);
      return poisson(now) / StrictMath.sqrt(rate);
    }

    /** Knuth (1969) for few, a rounded Gaussian for many. */
    private double poisson(double mean) {
      if (mean > 30) {
        double many = StrictMath.rint(mean + StrictMath.sqrt(mean) * random.nextGaussian());
        return StrictMath.max(0, many);
      }
      double limit = StrictMath.exp(-mean);
      int count = 0;
      for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
        count++;
      }
      return count;
    }
  }

  private static final class Levels implements Course {
    private final Random random;
    private final double[] levels;
    private final double often;
    private final boolean isRegular;
    private final Noise noise;
    private final double share;
    private int level;
    private int since;

    Levels(Random random) {
      this.random = random;
      this.levels = new double[2 + random.nextInt(3)];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = 2 * random.nextGaussian();
      }
      this.often = 1 / between(random, 5, 150);
      this.isRegular = random.nextBoolean();
      this.noise = new Noise(random, 0, 0);
      this.share = random.nextBoolean() ? 0.02 : 0.3;
    }

    @Override
    public double next(double day, int week) {
      boolean turns = isRegular ? ++since * often >= 1 : random.nextDouble() < often;
      if (turns) {
        since = 0;
        level = isRegular ? (level + 1) % levels.length : random.nextInt(levels.length);
      }
      return levels[level] + share * noise.next();
    }
  }
}
