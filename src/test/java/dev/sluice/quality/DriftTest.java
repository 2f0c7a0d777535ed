package dev.sluice.quality;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is called drift, of events whose distributions are known. */
final class DriftTest {

  private final Random random = new Random(1);
  private final Profile then =
      new Profile(
          Spread.ofTenths(gaussian(2_000, 1, 1)),
          List.of(
              new Profile.Field("load", 20, Spread.ofTenths(gaussian(2_000, 0, 1))),
              new Profile.Field("heat", 0, Spread.ofTenths(gaussian(2_000, 0, 1)))));

  private double[] gaussian(int count, double mean, double deviation) {
    return random.doubles(count).map(_ -> mean + deviation * random.nextGaussian()).toArray();
  }

  private Drift drift(int count, double shift, long missing) {
    Spread surprise = Spread.over(then.surprise().edges(), gaussian(count, 1, 1));
    List<Profile.Field> fields =
        List.of(
            field("load", missing, gaussian(count, shift, 1)),
            field("heat", 0, gaussian(count, 0, 1)));
    return Drift.of(then, surprise, fields, Drift.LARGE);
  }

  private Profile.Field field(String name, long missing, double[] values) {
    List<Double> edges =
        then.fields().stream()
            .filter(f -> f.name().equals(name))
            .findFirst()
            .orElseThrow()
            .spread()
            .edges();
    return new Profile.Field(name, missing, Spread.over(edges, values));
  }

  @Test
  void eventsOfTheSameKindAreNone() {
    for (int run = 0; run < 100; run++) {
      Drift drift = drift(Drift.ENOUGH, 0, 5);
      assertThat(drift.drifted()).isEmpty();
      assertThat(drift.isJudged()).isTrue();
    }
  }

  @Test
  void theFeatureThatMovedIsNamed() {
    // By half a deviation the index is about 0.25, by a whole one about 1.
    assertThat(drift(2_000, 1, 20).drifted())
        .extracting(Drift.Finding::name)
        .containsExactly("load");
    assertThat(drift(2_000, 1, 20).findings()).hasSize(3);
  }

  @Test
  void whatIsMissingMoreOftenHasDrifted() {
    Drift drift = drift(2_000, 0, 500);
    assertThat(drift.drifted()).extracting(Drift.Finding::name).containsExactly("load");
    Drift.Finding load = drift.drifted().getFirst();
    assertThat(load.index()).isLessThan(0.1);
    assertThat(load.missingThen()).isEqualTo(20 / 2_020.0);
    assertThat(load.missingNow()).isEqualTo(0.2);
  }

  @Test
  void tooFewTellNothing() {
    Drift drift = drift(Drift.ENOUGH - 1, 9, 0);
    assertThat(drift.isJudged()).isFalse();
    assertThat(drift.drifted()).isEmpty();
  }
}
