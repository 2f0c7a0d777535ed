package dev.sluice.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.text.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FeatureSpecTest {

  private static final Vocabulary WORDS = new Vocabulary(List.of("<unknown>", "a", "b"));

  @Test
  void theWidthIsTheSumOfTheFeatures() {
    var spec =
        new FeatureSpec(
            List.of(
                new Feature.Number("n", new Scaling.PerKey(), false), // 1
                new Feature.Number("o", new Scaling.Learned(0, 1), true), // 2
                new Feature.Category("c", WORDS, 5, new float[15]), // 5
                new Feature.Time(Feature.Kind.OF_DAY), // 2
                new Feature.Time(Feature.Kind.OF_WEEK), // 2
                new Feature.Time(Feature.Kind.ELAPSED))); // 1
    assertThat(spec.width()).isEqualTo(13);
    assertThat(spec.feature("c").width()).isEqualTo(5);
    assertThat(spec.feature("time of-week").width()).isEqualTo(2);
    assertThatThrownBy(() -> spec.feature("x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no feature x in the model");
  }

  @Test
  void aModelNeedsFeaturesOfDifferentNames() {
    assertThatThrownBy(() -> new FeatureSpec(List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a model needs at least one feature");
    var number = new Feature.Number("n", new Scaling.PerKey(), false);
    assertThatThrownBy(() -> new FeatureSpec(List.of(number, number)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("feature n stands twice");
    var day = new Feature.Time(Feature.Kind.OF_DAY);
    assertThatThrownBy(() -> new FeatureSpec(List.of(day, number, day)))
        .hasMessage("feature time of-day stands twice");
  }

  @Test
  void anEmbeddingHasAVectorForEachWord() {
    assertThatThrownBy(() -> new Feature.Category("c", WORDS, 5, new float[14]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("embedding of c: 14 values where 3 words of 5 dimensions need 15");
  }

  @Test
  void aLearnedScaleIsFinite() {
    for (double[] wrong : new double[][] {{Double.NaN, 1}, {0, 0}, {0, -1}, {0, Double.NaN}}) {
      assertThatThrownBy(() -> new Scaling.Learned(wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("mean " + wrong[0] + " and deviation " + wrong[1] + " make no scale");
    }
    double infinite = Double.POSITIVE_INFINITY;
    assertThatThrownBy(() -> new Scaling.Learned(infinite, 1)).hasMessageContaining("no scale");
    assertThatThrownBy(() -> new Scaling.Learned(0, infinite)).hasMessageContaining("no scale");
  }
}
