package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.Head;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scales, vocabularies and bins against plain definitions. */
final class FitTest {

  @Test
  void ofWellBehavedValuesTheScaleIsTheirMeanAndDeviation() {
    var random = new Random(3);
    Values values = new Values(5000);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < 5000; i++) {
      double value = 1000 + 5 * random.nextGaussian();
      values.add(value);
      values.add(Double.NaN); // None at all.
      sum += value;
      squares += (value - 1000) * (value - 1000);
    }
    double mean = sum / 5000;

    Scaling.Learned scale = Fit.learned(values);

    assertThat(scale.mean()).isCloseTo(mean, within(1e-9));
    double variance = squares / 5000 - (mean - 1000) * (mean - 1000);
    assertThat(scale.deviation()).isCloseTo(Math.sqrt(variance), within(1e-9));
  }

  @Test
  void anAbsurdValueDoesNotBlindTheScale() {
    var random = new Random(3);
    Values values = new Values(10_001);
    for (int i = 0; i < 10_000; i++) {
      values.add(random.nextGaussian());
    }
    values.add(1e30);

    Scaling.Learned scale = Fit.learned(values);

    assertThat(scale.mean()).isCloseTo(0, within(0.03)); // 3 / √n
    assertThat(scale.deviation()).isCloseTo(1, within(0.03));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 7, -1e30})
  void aConstantHasAScaleThatKeepsNumbersFinite(double constant) {
    Values values = new Values(100);
    for (int i = 0; i < 100; i++) {
      values.add(constant);
    }

    Scaling.Learned scale = Fit.learned(values);

    assertThat(scale.mean()).isEqualTo(constant);
    assertThat(scale.deviation()).isGreaterThanOrEqualTo(1e-9).isFinite();
  }

  @Test
  void binsReachHalfTheRangeFurtherOnEachSide() {
    Values values = new Values(2001);
    for (int i = 0; i <= 2000; i++) {
      values.add(i / 1000.0); // 0.1 % of them are below 0.002 and above 1.998.
    }

    Bins bins = Fit.bins(values, 40, 12);

    assertThat(bins.low()).isCloseTo(0.002 - 0.998, within(1e-9));
    assertThat(bins.high()).isCloseTo(1.998 + 0.998, within(1e-9));
    assertThat(bins.count()).isEqualTo(40);
  }

  @Test
  void degenerateValuesStillGiveBins() {
    Values constant = new Values(3);
    constant.add(2);
    constant.add(2);
    assertThat(Fit.bins(constant, 8, 12)).isEqualTo(new Bins(1, 3, 8));

    Values huge = new Values(2);
    huge.add(1e9);
    huge.add(2e9);
    assertThat(Fit.bins(huge, 8, 12)).isEqualTo(new Bins(-12, 12, 8));

    assertThat(Fit.bins(new Values(1), 8, 12)).isEqualTo(new Bins(-12, 12, 8));
    assertThat(1.5 * Encoder.LIMIT).isEqualTo(12);
  }

  @Test
  void onlyTheTrainingPartIsLearnedFromAndWordsSeenOnceStayUnknown() {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 3}]
            model: {predict: {category: w}}
            """);
    String[] words = {"b", "a", "b", "once", "a", "b", "later", "later"};
    for (int i = 0; i < words.length; i++) {
      lab.word("k", i, words[i]);
    }
    History history = lab.history();

    FeatureSpec spec = Fit.features(lab.topology(), history, Split.at(history, 6));

    var category = (Feature.Category) spec.features().getFirst();
    assertThat(category.vocabulary().words()).containsExactly("<unknown>", "b", "a");
    assertThat(category.dimensions()).isEqualTo(3);
  }

  @Test
  void theFirstHeadSaysWhatIsCommon() {
    Lab lab = Lab.of("features: [{number: x}]\nmodel: {hidden: 3, predict: {value: x, bins: 7}}\n");
    for (int i = 0; i < 1000; i++) {
      lab.number("k", i, i % 10);
    }
    History history = lab.history();
    Split split = Split.at(history, 800);
    FeatureSpec spec = Fit.features(lab.topology(), history, split);
    Samples samples = Samples.encode(history, spec, Fit.targets(lab.topology(), spec));

    Head head = Fit.heads(lab.topology(), spec, samples, split).getFirst();

    assertThat(head).isInstanceOf(BinHead.class);
    assertThat(head.linear().weights()).containsOnly(0);
    float[] spread = new float[7];
    for (int i = 0; i < 800; i++) {
      double scaled = (i % 10 - 4.5) / Math.sqrt(8.25);
      ((BinHead) head).spread(scaled, spread, 0);
    }
    for (int bin = 0; bin < 7; bin++) {
      double expected = (spread[bin] + 1 / 7.0) / 801;
      assertThat(Math.exp(head.linear().bias()[bin])).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void aFieldThatIsNeverThereIsRefused() {
    Lab lab =
        Lab.of(
            """
            features: [{number: x, optional: true}]
            model: {predict: {gaussian: x}}
            """);
    for (int i = 0; i < 10; i++) {
      lab.number("k", i, Double.NaN);
    }
    History history = lab.history();
    Split split = Split.at(history, 8);
    FeatureSpec spec = Fit.features(lab.topology(), history, split);
    Samples samples = Samples.encode(history, spec, Fit.targets(lab.topology(), spec));

    assertThatThrownBy(() -> Fit.heads(lab.topology(), spec, samples, split))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "model.predict: field x is missing in all 8 events to learn from. Check its name, or"
                + " predict another one");
  }
}
