package dev.sluice.quality;

import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What each version did in a stretch of results. For one thread. */
public final class LiveQuality implements Consumer<Scored> {

  /** Of more keys than this it is only known that there are more. */
  public static final int MOST_KEYS = 1_000_000;

  private final SortedMap<Integer, Version> versions = new TreeMap<>();
  private final SortedMap<Integer, Version> shadows = new TreeMap<>();

  @Override
  public void accept(Scored scored) {
    versions.computeIfAbsent(scored.version(), _ -> new Version()).take(scored);
    scored
        .shadow()
        .ifPresent(
            shadow ->
                shadows
                    .computeIfAbsent(shadow.version(), _ -> new Version())
                    .take(scored.asOf(shadow)));
  }

  /** Returns what was seen of shadows, by version, ascending; live. */
  public SortedMap<Integer, Version> shadows() {
    return Collections.unmodifiableSortedMap(shadows);
  }

  /** Returns what was seen, by version, ascending; live. */
  public SortedMap<Integer, Version> versions() {
    return Collections.unmodifiableSortedMap(versions);
  }

  /** One version. */
  public static final class Version {

    private final Set<Long> keys = new HashSet<>();
    private long events;
    private long judged;
    private long alerts;
    private double meanSurprise;
    private long lastMillis = Long.MIN_VALUE;

    private void take(Scored scored) {
      events++;
      alerts += scored.alert() ? 1 : 0;
      lastMillis = Math.max(lastMillis, scored.timeMillis());
      if (keys.size() < MOST_KEYS) {
        keys.add(scored.key());
      }
      if (scored.isJudged()) {
        judged++;
        meanSurprise += (scored.surprise() - meanSurprise) / judged;
      }
    }

    /** Returns the results. */
    public long events() {
      return events;
    }

    /** Returns the different keys, at most {@value LiveQuality#MOST_KEYS}. */
    public int keys() {
      return keys.size();
    }

    /** Returns the results whose surprise counts: of keys that are warm, and of what came. */
    public long judged() {
      return judged;
    }

    /** Returns the mean surprise of those, in nats; NaN where there are none. */
    public double meanSurprise() {
      return judged == 0 ? Double.NaN : meanSurprise;
    }

    /** Returns the share of the results that are alerts. */
    public double alertRate() {
      return (double) alerts / events;
    }

    /** Returns the latest event time, epoch milliseconds. */
    public long lastMillis() {
      return lastMillis;
    }
  }
}
