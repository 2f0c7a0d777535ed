package dev.sluice.quality;

import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import java.util.ArrayList;
import java.util.List;

/**
 * How far events have moved from those that a model was held out from in training.
 *
 * <p>Measured by the {@linkplain Spread#stabilityIndex population stability index}, of each feature
 * as the model reads it, of how often it is missing, and of the surprise, in which whatever the
 * model does not expect shows, be it in no single feature.
 *
 * @param findings the surprise first, then the features
 * @param bound index from which something has drifted
 */
public record Drift(List<Finding> findings, double bound) {

  /** The index from which a change is large by long use. */
  public static final double LARGE = 0.25;

  /** Fewer values than this are not judged: by chance alone they give an index near 0.04. */
  public static final int ENOUGH = 500;

  /** Keeps a copy. */
  public Drift {
    findings = List.copyOf(findings);
  }

  /**
   * One thing that was compared.
   *
   * @param name of the feature, or {@code surprise}
   * @param index of its values, NaN where there are too few
   * @param missingIndex of how often it is missing, NaN where there are too few events
   * @param missingThen share of the events then that lack it
   * @param missingNow share of the events now that lack it
   * @param values how many there are now
   */
  public record Finding(
      String name,
      double index,
      double missingIndex,
      double missingThen,
      double missingNow,
      long values) {

    /** Returns the larger of the two indices, NaN where nothing can be told. */
    public double largest() {
      return Double.isNaN(index) ? missingIndex : Math.max(index, missingIndex);
    }
  }

  /**
   * Compares.
   *
   * @param then what the lineage of the model says
   * @param surprise now, over the same bins
   * @param fields now, over the same bins
   * @param bound index from which something has drifted, above 0
   */
  public static Drift of(Profile then, Spread surprise, List<Profile.Field> fields, double bound) {
    List<Finding> findings = new ArrayList<>();
    double ofSurprise = index(then.surprise(), surprise);
    findings.add(new Finding("surprise", ofSurprise, 0, 0, 0, surprise.total()));
    for (Profile.Field now : fields) {
      for (Profile.Field before : then.fields()) {
        if (before.name().equals(now.name())) {
          findings.add(finding(before, now));
        }
      }
    }
    return new Drift(findings, bound);
  }

  private static Finding finding(Profile.Field then, Profile.Field now) {
    return new Finding(
        now.name(),
        index(then.spread(), now.spread()),
        index(then.presence(), now.presence()),
        missing(then),
        missing(now),
        now.spread().total());
  }

  private static double index(Spread then, Spread now) {
    boolean isEnough = then.total() >= ENOUGH && now.total() >= ENOUGH;
    return isEnough ? then.stabilityIndex(now) : Double.NaN;
  }

  private static double missing(Profile.Field field) {
    long events = field.presence().total();
    return events == 0 ? 0 : (double) field.missing() / events;
  }

  /** Returns what has drifted. */
  public List<Finding> drifted() {
    return findings.stream().filter(finding -> finding.largest() >= bound).toList();
  }

  /** Returns whether there was anything to tell by. */
  public boolean isJudged() {
    return findings.stream().anyMatch(finding -> !Double.isNaN(finding.index()));
  }
}
