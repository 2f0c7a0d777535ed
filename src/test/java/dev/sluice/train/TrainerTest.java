package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.cell.Cell;
import dev.sluice.config.Training.SplitBy;
import dev.sluice.feature.Feature;
import dev.sluice.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small worlds whose entropy is known: no model can do better, and a good one comes close. */
final class TrainerTest {

  private static final double HALF_LOG_TWO_PI_E = 0.5 * Math.log(2 * Math.PI * Math.E);

  private static Task task(Lab lab) {
    return Task.of(lab.topology(), recorded(lab), 3, "test");
  }

  private static Recorded recorded(Lab lab) {
    return new Recorded(lab.history(), "file lab", 0, List.of());
  }

  private static Trained train(Lab lab) {
    return Trainer.train(task(lab), Progress.none());
  }

  private static Lab sine(String predict) {
    Lab lab =
        Lab.of(
            "features: [{number: x}]\nmodel: {hidden: 20, predict: {"
                + predict
                + "}}\ntraining: {window: 50}\n");
    var random = new Random(5);
    for (int i = 0; i < 1500; i++) {
      for (int k = 0; k < 4; k++) {
        double phase = 2 * Math.PI * (i + 7 * k) / 25;
        lab.number("k" + k, 1000L * i, Math.sin(phase) + 0.1 * random.nextGaussian());
      }
    }
    return lab;
  }

  @Test
  void ofASineWithNoiseOnlyTheNoiseStaysUnknown() {
    Trained trained = train(sine("gaussian: x"));

    // Differential entropy of the noise, in units of the scale: the deviation of sine and noise.
    double entropy = HALF_LOG_TWO_PI_E + Math.log(0.1 / Math.sqrt(0.5 + 0.01));
    assertThat(trained.validation().nats()).isBetween(entropy - 0.03, entropy + 0.08);
    assertThat(trained.baselineNats()).isGreaterThan(1.3);
    // E|N(0, 0.1)| = 0.1·√(2/π): the expected value is as good as the sine itself.
    assertThat(trained.validation().meanAbsoluteError()).isBetween(0.076, 0.09);
  }

  @Test
  void binsLearnTheSameSineUpToTheirOwnBlur() {
    Trained trained = train(sine("value: x, bins: 40"));

    // A bin of width w blurs by its neighbours (deviation w, less the cut-off tails) twice, in
    // training and in judging, and by itself (w/√12). Mass of a bin = density · w.
    Model model = trained.model();
    double width = ((dev.sluice.head.BinHead) model.head()).bins().width();
    double noise = 0.1 / Math.sqrt(0.51);
    double judged = Math.sqrt(noise * noise + width * width * (2 + 1.0 / 12));
    double density = Math.log(judged) + 0.5 * Math.log(2 * Math.PI);
    double surprise = density + noise * noise / (2 * judged * judged) - Math.log(width);
    assertThat(trained.validation().nats()).isCloseTo(surprise, within(0.06));
    assertThat(trained.baselineNats()).isGreaterThan(2.9);
    assertThat(trained.validation().natsPerUnit())
        .isCloseTo(
            trained.validation().nats() + Math.log(width * scale(model).deviation()), within(1e-9));
  }

  private static dev.sluice.feature.Scaling.Learned scale(Model model) {
    var number = (Feature.Number) model.features().features().getFirst();
    return (dev.sluice.feature.Scaling.Learned) number.scaling();
  }

  @Test
  void aCycleThatNeedsMemoryIsLearnedByHeart() {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 4}]
            model: {hidden: 16, predict: {category: w}}
            training: {window: 30}
            """);
    String[] cycle = {"a", "b", "c", "a", "d"}; // After a comes b or d.
    for (int i = 0; i < 3000; i++) {
      lab.word("k", i, cycle[i % cycle.length]);
    }

    Trained trained = train(lab);

    assertThat(trained.validation().nats()).isLessThan(0.05);
    assertThat(trained.baselineNats())
        .isCloseTo(-3 * 0.2 * Math.log(0.2) - 0.4 * Math.log(0.4), within(0.01));
    assertThat(trained.validation().meanAbsoluteError()).isNaN();
    assertThat(trained.model().lineage().metrics()).doesNotContainKey("validationAbsoluteError");
  }

  @Test
  void ofAMarkovChainTheChanceStaysUnknownAndNothingElse() {
    double[][] chances = {{0.7, 0.2, 0.1}, {0.1, 0.1, 0.8}, {0.3, 0.6, 0.1}};
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 4}]
            model: {hidden: 16, predict: {category: w}}
            """);
    int length = 4000;
    double surprise = 0; // Of one who knows the chances, at the last fifth.
    for (int k = 0; k < 3; k++) {
      var random = new Random(k);
      int state = 0;
      for (int i = 0; i < length; i++) {
        lab.word("k" + k, i, "s" + state);
        double u = random.nextDouble();
        double[] row = chances[state];
        int next = u < row[0] ? 0 : u < row[0] + row[1] ? 1 : 2;
        surprise -= i + 1 >= length * 4 / 5 && i + 1 < length ? Math.log(row[next]) : 0;
        state = next;
      }
    }

    Trained trained = train(lab);

    assertThat(trained.validation().events()).isEqualTo(3 * length / 5);
    double entropy = surprise / trained.validation().events();
    assertThat(trained.validation().nats()).isCloseTo(entropy, within(0.015 * entropy));
    assertThat(trained.baselineNats()).isGreaterThan(1.08);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60}) // One long key, and many of which a lane takes several.
  void ofAnAutoregressionTheInnovationStaysUnknown(int keys) {
    Lab lab =
        Lab.of(
            """
            features: [{number: x}]
            model: {hidden: 12, predict: {gaussian: x}}
            training: {window: 25}
            """);
    var random = new Random(11);
    for (int k = 0; k < keys; k++) {
      double x = random.nextGaussian() / Math.sqrt(1 - 0.81);
      for (int i = 0; i < 9000 / keys; i++) {
        lab.number("k" + k, i, 20 + 3 * x);
        x = 0.9 * x + random.nextGaussian();
      }
    }

    Trained trained = train(lab);

    double entropy = HALF_LOG_TWO_PI_E + Math.log(3 / scale(trained.model()).deviation());
    assertThat(trained.validation().nats()).isCloseTo(entropy, within(0.06));
    assertThat(trained.validation().natsPerUnit())
        .isCloseTo(
            trained.validation().nats() + Math.log(scale(trained.model()).deviation()),
            within(1e-9));
  }

  @Test
  void theSameTaskGivesTheSameBytesAndAnotherSeedOthers() {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 3}, {time: elapsed}]
            model: {hidden: 10, layers: 2, predict: {category: w}}
            training: {window: 4, epochs: 3, batch: 10, dropout: 0.2}
            """);
    var random = new Random(2);
    for (int i = 0; i < 12_000; i++) { // Ten lanes, so two workers.
      lab.word("k" + random.nextInt(40), i * 1000L, "w" + random.nextInt(5));
    }

    byte[] once = ArtifactWriter.write(train(lab).model());
    byte[] again = ArtifactWriter.write(train(lab).model());
    byte[] other =
        ArtifactWriter.write(Trainer.train(task(lab).withSeed(2), Progress.none()).model());

    assertThat(again).isEqualTo(once);
    assertThat(other).isNotEqualTo(once);
  }

  @Test
  void theWeightsOfTheBestEpochAreKept() {
    Lab lab =
        Lab.of(
            """
            features: [{number: x}]
            model: {hidden: 32, predict: {gaussian: x}}
            training: {window: 10, epochs: 60, patience: 4, learningRate: 0.02}
            """);
    var random = new Random(4);
    for (int i = 0; i < 400; i++) { // Pure noise: what is learned beyond the mean is wrong.
      lab.number("k", i, random.nextGaussian());
    }
    List<Double> epochs = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void window(int epoch, int done, int windows, double trainNats) {
            assertThat(done).isBetween(1, windows);
          }

          @Override
          public void epoch(int epoch, double trainNats, double validationNats, boolean isBest) {
            epochs.add(validationNats);
          }
        };

    Trained trained = Trainer.train(task(lab), progress);

    assertThat(trained.epochs()).isEqualTo(epochs.size()).isLessThan(60);
    assertThat(trained.epochs() - trained.bestEpoch()).isEqualTo(4);
    double best = epochs.stream().mapToDouble(d -> d).min().orElseThrow();
    double kept = trained.validation().nats();
    if (trained.bestEpoch() == 0) {
      assertThat(kept).isCloseTo(trained.baselineNats(), within(1e-6)).isLessThanOrEqualTo(best);
    } else {
      assertThat(kept).isCloseTo(best, within(1e-6));
      assertThat(epochs.get(trained.bestEpoch() - 1)).isEqualTo(best);
    }
  }

  @Test
  void embeddingsAreLearned() {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 2}]
            model: {hidden: 8, predict: {category: w}}
            training: {window: 10, epochs: 4}
            """);
    // a and b are followed by c, c and d by either of a, b, d; e occurs once and is unknown.
    var random = new Random(6);
    String word = "a";
    for (int i = 0; i < 3000; i++) {
      lab.word("k", i, i == 1000 ? "e" : word);
      word =
          word.equals("a") || word.equals("b")
              ? "c"
              : List.of("a", "b", "d").get(random.nextInt(3));
    }

    Trained trained = train(lab);

    var category = (Feature.Category) trained.model().features().features().getFirst();
    float[] table = category.table();
    float[] first = firstTable(lab);
    assertThat(table).hasSize(10);
    assertThat(category.vocabulary().id("e")).isZero();
    for (int i = 0; i < table.length; i++) {
      assertThat(table[i]).as("number %d", i).isNotEqualTo(first[i]);
    }
    // What means the same has come closer together than it was, seen from what does not.
    assertThat(nearness(category, table)).isLessThan(nearness(category, first));
  }

  /** What the embeddings are before training. */
  private static float[] firstTable(Lab lab) {
    Lab none =
        Lab.of(
            "features: [{category: w, dimensions: 2}]\n"
                + "model: {hidden: 8, predict: {category: w}}\n");
    History history = lab.history();
    Split split = Split.of(history, 0.2, SplitBy.TIME, 10);
    var spec = Fit.features(none.topology(), history, split);
    Samples samples = Samples.encode(history, spec, Fit.targets(none.topology(), spec));
    var head = Fit.heads(none.topology(), spec, samples, split);
    Network network =
        Network.fresh(List.of(Cell.LSTM), spec, head, new int[] {8}, new Random(1).nextLong());
    return ((Feature.Category) network.features().features().getFirst()).table();
  }

  private static double nearness(Feature.Category category, float[] table) {
    return distance(category, table, "a", "b") / distance(category, table, "a", "c");
  }

  private static double distance(Feature.Category c, float[] table, String one, String other) {
    int a = 2 * c.vocabulary().id(one);
    int b = 2 * c.vocabulary().id(other);
    return Math.hypot(table[a] - table[b], table[a + 1] - table[b + 1]);
  }

  @Test
  void aMissingValueIsNothingToLearnAndNothingToJudge() {
    Lab lab =
        Lab.of(
            """
            features: [{number: x, optional: true}]
            model: {hidden: 8, predict: {gaussian: x}}
            training: {window: 10, epochs: 3}
            """);
    var random = new Random(8);
    int judged = 0;
    for (int i = 0; i < 2000; i++) {
      boolean missing = i % 3 == 0;
      lab.number("k", i, missing ? Double.NaN : random.nextGaussian());
      judged += !missing && i >= 1600 ? 1 : 0;
    }

    Trained trained = train(lab);

    assertThat(trained.validation().events()).isEqualTo(judged);
    assertThat(trained.validation().nats()).isCloseTo(HALF_LOG_TWO_PI_E, within(0.15));
  }

  @Test
  void trainingGoesOnFromAParentAndKeepsWhatItKnows() {
    Lab lab = sine("gaussian: x");
    Task quick = new Task(short1(lab), recorded(lab), 1, 1, java.util.Optional.empty(), "test");
    Trained parent = Trainer.train(quick, Progress.none());

    Trained child = Trainer.train(task(lab).from(parent.model()), Progress.none());

    assertThat(child.model().lineage().parentVersion()).isEqualTo(1);
    assertThat(child.model().version()).isEqualTo(3);
    assertThat(scale(child.model())).isEqualTo(scale(parent.model()));
    assertThat(child.validation().nats()).isLessThan(parent.validation().nats());
  }

  private static dev.sluice.config.Topology short1(Lab lab) {
    String yaml = "training: {window: 50, epochs: 1}\n";
    return Lab.of("features: [{number: x}]\nmodel: {hidden: 20, predict: {gaussian: x}}\n" + yaml)
        .topology();
  }

  @Test
  void aParentOfAnotherShapeIsRefused() {
    Lab lab = sine("gaussian: x");
    Model parent =
        Trainer.train(
                new Task(short1(lab), recorded(lab), 1, 1, java.util.Optional.empty(), "test"),
                Progress.none())
            .model();
    Lab other = sine("value: x, bins: 20");

    assertThatThrownBy(() -> Trainer.train(task(other).from(parent), Progress.none()))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "Training cannot go on from this model: its prediction is gaussian x, the topology"
                + " wants value x in 20 bins. Train anew, without --from");
  }

  @Test
  void theLineageSaysWhatWasMeasured() {
    Trained trained = train(sine("gaussian: x"));

    var lineage = trained.model().lineage();
    assertThat(lineage.source()).isEqualTo("file lab");
    assertThat(lineage.events()).isEqualTo(4800);
    assertThat(lineage.seed()).isEqualTo(1);
    assertThat(lineage.code()).isEqualTo("test");
    assertThat(lineage.metrics().keySet())
        .containsExactly(
            "trainNats",
            "validationNats",
            "baselineNats",
            "validationAbsoluteError",
            "validationEvents",
            "epochs",
            "bestEpoch",
            "parameters");
    assertThat(lineage.metrics().get("validationNats")).isEqualTo(trained.validation().nats());
    // 4H·(I + H + 1) + O·(H + 1) with H = 20, I = 1, O = 2.
    assertThat(lineage.metrics().get("parameters")).isEqualTo(80.0 * 22 + 2 * 21);
  }
}
