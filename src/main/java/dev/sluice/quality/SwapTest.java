package dev.sluice.quality;

import dev.sluice.config.Guard;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Whether a new version is worse than the one before, by the surprise of both in the stream.
 *
 * <p>An observation is the mean surprise of {@value #BLOCK} results of one key. The first
 * observation of a key under the new version is paired with its last under the old one, the second
 * with the last but one, and so on, at most {@value #MOST_BLOCKS} times, so that a lively key does
 * not speak for all. The first {@value #SETTLING} results of a key under a version are left out:
 * its memory was made by the other. So are results of keys that are warming up.
 *
 * <p>Where the new version was a shadow of the old one, both have judged the same events, and an
 * observation is a pair by itself: of the same {@value #BLOCK} results, from the ninth on.
 *
 * <p>The new version is worse if three things hold:
 *
 * <ul>
 *   <li>the mean difference of the pairs exceeds the bound, and
 *   <li>does so in the earlier and in the later half of the pairs alike: what passes soon, such as
 *       an outage of the machines that are watched, is not the version's doing; and
 *   <li>so many pairs exceed it that chance would do so once in two thousand times if every other
 *       one did (a sign test, which asks nothing of the distribution of surprise, and on which one
 *       absurd event has one vote).
 * </ul>
 *
 * <p>It is asked when the new version has had as many results as the bound wants, then at twice as
 * many, and so on, each time with half the chance; so looking often does not add up to more than
 * one in a thousand. That holds for pairs that do not hang together. A trouble of all keys that
 * begins with the swap and stays is taken for the version's, which it looks like from here.
 *
 * <p>For one thread. Of more than {@value #MOST_KEYS} keys it follows a half, a quarter, ...,
 * chosen by hash.
 */
public final class SwapTest implements Consumer<Scored> {

  static final int BLOCK = 8;
  static final int SETTLING = 8;
  static final int MOST_BLOCKS = 16;
  static final int MOST_KEYS = 16_384;

  /** Of all looks together. */
  private static final double CHANCE = 0.001;

  private final Guard bound;
  private final Map<Long, Track> tracks = new HashMap<>();
  private long unfollowed; // Bits of a hash that are all 0 where a key is followed.
  private int version;
  private int before;
  private int looks;

  /** Creates a test that watches nothing yet. */
  public SwapTest(Guard bound) {
    this.bound = bound;
  }

  /**
   * What the pairs say.
   *
   * @param results of the new version in the pairs
   * @param keys of the pairs
   * @param pairs how many there are
   * @param exceeding how many of them are worse by more than the bound
   * @param before mean surprise under the version before, in nats
   * @param now mean surprise under the new version, in nats
   * @param isWorse whether all three conditions hold
   */
  public record Comparison(
      long results,
      int keys,
      int pairs,
      int exceeding,
      double before,
      double now,
      boolean isWorse) {}

  /**
   * Begins to watch a version.
   *
   * @param newer the version that takes over
   * @param older the version before
   */
  public void watch(int newer, int older) {
    version = newer;
    before = older;
    looks = 0;
  }

  @Override
  public void accept(Scored scored) {
    if (!scored.isJudged() || (scored.key() & unfollowed) != 0) {
      return;
    }
    tracks.computeIfAbsent(scored.key(), _ -> new Track()).take(scored);
    if (tracks.size() > MOST_KEYS) {
      unfollowed = unfollowed << 1 | 1;
      tracks.keySet().removeIf(key -> (key & unfollowed) != 0);
    }
  }

  /** Compares, if there are enough results for the next look. */
  public Optional<Comparison> look() {
    Comparison comparison = compare(CHANCE / (1L << (looks + 1)));
    if (comparison.results < (long) bound.events() << looks) {
      return Optional.empty();
    }
    while (comparison.results >= (long) bound.events() << looks) {
      looks++;
    }
    return Optional.of(comparison);
  }

  /** Compares for the last time; the new version cannot be called worse by too few results. */
  public Comparison lastLook() {
    Comparison last = compare(CHANCE / (1L << (looks + 1)));
    return last.results >= bound.events()
        ? last
        : new Comparison(
            last.results, last.keys, last.pairs, last.exceeding, last.before, last.now, false);
  }

  /** One observation of a key under each version. */
  private record Pair(double before, double now, long atMillis) {

    double difference() {
      return now - before;
    }
  }

  private Comparison compare(double chance) {
    List<Pair> pairs = new ArrayList<>();
    int keys = 0;
    for (Track track : tracks.values()) {
      int had = pairs.size();
      track.addPairs(version, before, pairs);
      keys += pairs.size() > had ? 1 : 0;
    }
    int exceeding = (int) pairs.stream().filter(p -> p.difference() > bound.worse()).count();
    double mean = mean(pairs);
    boolean isWorse =
        mean > bound.worse()
            && inBothHalves(pairs)
            && Chance.ofAtLeast(exceeding, pairs.size()) < chance;
    double older = pairs.stream().mapToDouble(Pair::before).average().orElse(Double.NaN);
    long results = (long) pairs.size() * BLOCK;
    return new Comparison(results, keys, pairs.size(), exceeding, older, older + mean, isWorse);
  }

  private boolean inBothHalves(List<Pair> pairs) {
    List<Pair> ordered = pairs.stream().sorted(Comparator.comparingLong(Pair::atMillis)).toList();
    int half = ordered.size() / 2;
    return mean(ordered.subList(0, half)) > bound.worse()
        && mean(ordered.subList(half, ordered.size())) > bound.worse();
  }

  private static double mean(List<Pair> pairs) {
    return pairs.stream().mapToDouble(Pair::difference).average().orElse(Double.NaN);
  }

  /** One key: its run of results under the version now, and that under the version before. */
  private static final class Track {
    private Run now = new Run(0, 0); // Of no version: nothing was seen yet.
    private Run before = new Run(0, 0);
    private Beside beside = new Beside(0, 0);

    void take(Scored scored) {
      scored.shadow().ifPresent(shadow -> take(scored, shadow));
      if (scored.version() != now.version) {
        before = now;
        now = new Run(scored.version(), before.version == 0 ? 0 : SETTLING);
      }
      now.take(scored);
    }

    private void take(Scored scored, Scored.Shadow shadow) {
      if (beside.version != shadow.version() || beside.judge != scored.version()) {
        beside = new Beside(shadow.version(), scored.version());
      }
      beside.take(scored, shadow);
    }

    void addPairs(int version, int older, List<Pair> to) {
      if (beside.version == version && beside.judge == older) {
        to.addAll(beside.pairs);
        return;
      }
      if (now.version != version || before.version != older) {
        return;
      }
      int count = Math.min(MOST_BLOCKS, Math.min(now.blocks, before.blocks));
      for (int i = 0; i < count; i++) {
        double last = before.latest[(before.blocks - 1 - i) % MOST_BLOCKS];
        to.add(new Pair(last, now.first[i], now.firstMillis[i]));
      }
    }
  }

  /** Observations of one key under two versions at once. */
  private static final class Beside {
    private final int version;
    private final int judge;
    private final List<Pair> pairs = new ArrayList<>();
    private int toSettle = SETTLING;
    private int inBlock;
    private double sumBefore;
    private double sumNow;

    Beside(int version, int judge) {
      this.version = version;
      this.judge = judge;
    }

    void take(Scored scored, Scored.Shadow shadow) {
      if (toSettle > 0) {
        toSettle--;
        return;
      }
      sumBefore += scored.surprise();
      sumNow += shadow.surprise();
      if (++inBlock < BLOCK) {
        return;
      }
      if (pairs.size() < MOST_BLOCKS) {
        pairs.add(new Pair(sumBefore / BLOCK, sumNow / BLOCK, scored.timeMillis()));
      }
      inBlock = 0;
      sumBefore = 0;
      sumNow = 0;
    }
  }

  /** Observations of one key under one version: the first ones and the latest ones. */
  private static final class Run {
    private final int version;
    private final float[] first = new float[MOST_BLOCKS];
    private final long[] firstMillis = new long[MOST_BLOCKS];
    private final float[] latest = new float[MOST_BLOCKS];
    private int toSettle;
    private int blocks;
    private int inBlock;
    private double sum;

    Run(int version, int toSettle) {
      this.version = version;
      this.toSettle = toSettle;
    }

    void take(Scored scored) {
      if (toSettle > 0) {
        toSettle--;
        return;
      }
      sum += scored.surprise();
      if (++inBlock < BLOCK) {
        return;
      }
      float mean = (float) (sum / BLOCK);
      if (blocks < MOST_BLOCKS) {
        first[blocks] = mean;
        firstMillis[blocks] = scored.timeMillis();
      }
      latest[blocks % MOST_BLOCKS] = mean;
      blocks++;
      inBlock = 0;
      sum = 0;
    }
  }
}
