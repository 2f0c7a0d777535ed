package dev.sluice.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.text.Vocabulary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WordHeadTest {

  private static final Vocabulary WORDS = new Vocabulary(List.of("<unknown>", "ok", "bad", "off"));
  private static final WordHead HEAD = new WordHead("status", Linears.outputs(4), WORDS);

  @ParameterizedTest
  @CsvSource({"0, 0.125", "1, 0.5", "2, 0.25", "3, 0.125"})
  void surpriseIsMinusTheLogarithmOfTheProbabilityOfTheWord(int id, double probability) {
    float[] outputs = {9, 0.125f, 0.5f, 0.25f, 0.125f};
    var judgement = new Judgement(0.9);
    HEAD.judge(outputs, 1, id, judgement);
    assertThat(judgement.surprise()).isCloseTo(-Math.log(probability), within(1e-15));
    assertThat(judgement.likeliest()).isEqualTo(1);
    assertThat(judgement.probability()).isEqualTo(0.5);
    assertThat(judgement.isFinite()).isTrue();
  }

  @Test
  void amongEquallyLikelyWordsTheFirstIsNamed() {
    var judgement = new Judgement(0.9);
    HEAD.expect(new float[] {0.1f, 0.4f, 0.1f, 0.4f}, 0, judgement);
    assertThat(judgement.likeliest()).isEqualTo(1);
    assertThat(judgement.surprise()).isZero();
  }

  @Test
  void anImpossibleWordHasTheLargestSurprise() {
    var judgement = new Judgement(0.9);
    for (float probability : new float[] {0, 1e-38f, 1e-13f}) {
      HEAD.judge(new float[] {probability, 1, 0, 0}, 0, 0, judgement);
      assertThat(judgement.surprise()).isCloseTo(12 * Math.log(10), within(1e-12));
    }
  }

  @Test
  void nothingOfAnEarlierJudgementOfAValueStays() {
    var judgement = new Judgement(0.9);
    var gaussian = new GaussianHead("v", Linears.outputs(2));
    gaussian.expect(new float[] {Float.NaN, 0}, 0, judgement);
    HEAD.expect(new float[] {1, 0, 0, 0}, 0, judgement);
    assertThat(judgement.isFinite()).isTrue();
    assertThat(judgement.expected()).isZero();
  }

  @Test
  void probabilitiesThatAreNoNumbersAreSeen() {
    float nan = Float.NaN;
    float[] outputs = {nan, nan, nan, nan};
    var judgement = new Judgement(0.9);
    HEAD.judge(outputs, 0, 2, judgement);
    assertThat(judgement.isFinite()).isFalse();
    HEAD.expect(outputs, 0, judgement);
    assertThat(judgement.isFinite()).isFalse();
  }

  @Test
  void thereIsAnOutputForEachWord() {
    assertThatThrownBy(() -> new WordHead("status", Linears.outputs(3), WORDS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head: 3 outputs for 4 words");
    assertThat(HEAD.vocabulary()).isEqualTo(WORDS);
    assertThat(HEAD.isSoftmax()).isTrue();
  }

  @Test
  void aLayerHasFiniteWeightsOfOneShape() {
    assertThatThrownBy(() -> new Linear(new float[5], new float[2], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head: 5 weights where 2 outputs of 3 units need 6");
    assertThatThrownBy(() -> new Linear(new float[0], new float[0], 3))
        .hasMessage("head: 0 weights where 0 outputs of 3 units need 0");
    float infinite = Float.POSITIVE_INFINITY;
    assertThatThrownBy(() -> new Linear(new float[] {1, Float.NaN}, new float[1], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("head: weight 1 is NaN. Train or export the model again");
    assertThatThrownBy(() -> new Linear(new float[2], new float[] {infinite}, 2))
        .hasMessage("head: bias 0 is Infinity. Train or export the model again");
  }
}
