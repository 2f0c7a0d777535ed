package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Model;
import dev.sluice.model.Profile;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the lineage of a trained model says of its held-out events, and of others beside them. */
final class ProfilerTest {

  private static final int EVENTS = 4_000;

  private static Lab lab(double level, double missing, long seed) {
    Lab lab =
        Lab.of(
            """
            features:
              - {number: x, optional: true}
              - {time: of-day}
              - {time: elapsed}
            model: {hidden: 4, predict: {gaussian: x}}
            training: {window: 20, epochs: 1}
            """);
    var random = new Random(seed);
    for (int i = 0; i < EVENTS; i++) {
      boolean gone = random.nextDouble() < missing;
      double value = level + random.nextGaussian();
      lab.number("k" + i % 4, 1000L * i, gone ? Double.NaN : value);
    }
    return lab;
  }

  private static Model trained(Lab lab) {
    Recorded recorded = new Recorded(lab.history(), "lab", 0, List.of());
    Task task = Task.of(lab.topology(), recorded, 1, "test");
    return Trainer.train(task, Progress.none()).model();
  }

  @Test
  void theHeldOutEventsAreCountedOnce() {
    Profile profile = trained(lab(10, 0.1, 1)).lineage().profile().orElseThrow();

    // The latest fifth, of which each of four keys has thirty to settle.
    int counted = EVENTS / 5 - 4 * 30;
    assertThat(profile.fields()).extracting(Profile.Field::name).hasSize(2).startsWith("x");
    for (Profile.Field field : profile.fields()) {
      assertThat(field.missing() + field.spread().total()).isEqualTo(counted);
    }
    assertThat(profile.fields().getFirst().missing()).isBetween(40L, 100L);
    // In units of the scale, so about a standard Gaussian: its tenths begin at -1.28.
    List<Double> edges = profile.fields().getFirst().spread().edges();
    assertThat(edges.getFirst()).isBetween(-1.45, -1.1);
    assertThat(edges.getLast()).isBetween(1.1, 1.45);
    assertThat(profile.surprise().total()).isBetween(EVENTS / 5 - 150L, (long) EVENTS / 5);
  }

  @Test
  void otherEventsOfTheKindHaveNotMovedAndThoseOfAnotherHave() {
    Model model = trained(lab(10, 0, 1));
    Profile then = model.lineage().profile().orElseThrow();

    assertThat(indexOfX(then, Profiler.like(then, model, lab(10, 0, 2).history())))
        .isLessThan(0.05);
    assertThat(indexOfX(then, Profiler.like(then, model, lab(11, 0, 2).history())))
        .isGreaterThan(0.5);
  }

  private static double indexOfX(Profile then, List<Profile.Field> now) {
    assertThat(now).hasSize(2);
    return then.fields().getFirst().spread().stabilityIndex(now.getFirst().spread());
  }

  @Test
  void wordsAreCountedByTheirPlace() {
    Lab lab =
        Lab.of(
            "features: [{category: w, dimensions: 2}]\nmodel: {hidden: 4, predict: {category: w}}\n"
                + "training: {window: 20, epochs: 1}\n");
    for (int i = 0; i < 1000; i++) {
      lab.word("k", i, i % 4 == 0 ? "rare" : "common");
    }
    Model model = trained(lab);
    Profile then = model.lineage().profile().orElseThrow();
    assertThat(then.fields().getFirst().spread().edges()).containsExactly(0.0, 1.0);
    assertThat(then.fields().getFirst().spread().counts()).containsExactly(0L, 128L, 42L);

    Lab other = Lab.of("features: [{category: w}]\nmodel: {hidden: 4, predict: {category: w}}\n");
    for (int i = 0; i < 130; i++) {
      other.word("k", i, i % 2 == 0 ? "never seen" : "common");
    }
    assertThat(Profiler.like(then, model, other.history()).getFirst().spread().counts())
        .containsExactly(50L, 50L, 0L);
  }
}
