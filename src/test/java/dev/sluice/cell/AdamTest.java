package dev.sluice.cell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.kernel.Floats;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The optimiser against the formulas of the paper in double precision. */
final class AdamTest {

  @Test
  void hundredStepsFollowThePaper() {
    var parameter = new Parameter("w", Floats.allocate(16), Floats.allocate(16));
    var adam = new Adam(List.of(parameter), new Adam.Options(0.01, 0.9, 0.99, 1e-8, 0.1));
    var random = new Random(1);
    double w = 0;
    double m = 0;
    double v = 0;
    for (int t = 1; t <= 100; t++) {
      float g = (float) random.nextGaussian();
      parameter.gradient().set(3, g);
      adam.step(Double.POSITIVE_INFINITY);
      m = 0.9 * m + 0.1 * g;
      v = 0.99 * v + 0.01 * g * g;
      double mean = m / (1 - Math.pow(0.9, t));
      double square = v / (1 - Math.pow(0.99, t));
      w -= 0.01 * 0.1 * w + 0.01 * mean / (Math.sqrt(square) + 1e-8);
      // A step is at most 0.01 · 10 and carries some 20 roundings of 2^-24 each; they add up.
      assertThat((double) parameter.value().get(3)).isCloseTo(w, within(t * 20 * 0.1 * 0x1p-24));
    }
    assertThat(parameter.value().get(4)).isZero();
    assertThat(parameter.gradient().get(3)).isZero();
  }

  @Test
  void gradientsAreClippedByTheirNormOverAllParameters() {
    var a = new Parameter("a", Floats.allocate(16), Floats.allocate(16));
    var b = new Parameter("b", Floats.allocate(16), Floats.allocate(16));
    a.gradient().set(0, 3);
    b.gradient().set(5, 4);
    var options = new Adam.Options(0.1, 0, 0, 1, 0); // Then a step is 0.1 · g / (|g| + 1).
    double norm = new Adam(List.of(a, b), options).step(1);
    assertThat(norm).isEqualTo(5); // 3, 4, 5
    assertThat(a.value().get(0)).isCloseTo(-0.1f * 0.6f / 1.6f, within(1e-8f));
    assertThat(b.value().get(5)).isCloseTo(-0.1f * 0.8f / 1.8f, within(1e-8f));
  }

  @Test
  void gradientsThatAreNotFiniteMoveNothing() {
    var parameter = new Parameter("w", Floats.allocate(16), Floats.allocate(16));
    parameter.gradient().set(0, Float.NaN);
    parameter.gradient().set(1, 1);
    double norm = new Adam(List.of(parameter), Adam.Options.of(0.1)).step(1);
    assertThat(norm).isNaN();
    assertThat(parameter.value().toArray(0, 16)).containsOnly(0);
    assertThat(parameter.gradient().toArray(0, 16)).containsOnly(0);
  }

  @Test
  void aSnapshotRemembersAMovingAverage() {
    var parameter = new Parameter("w", Floats.allocate(16), Floats.allocate(16));
    parameter.value().set(3, 8);
    var snapshot = new Snapshot(List.of(parameter));
    parameter.value().set(3, 4);
    snapshot.blend(0.25f); // 7
    parameter.value().set(3, 3);
    snapshot.blend(0.5f); // 5
    snapshot.restore();
    assertThat(parameter.value().get(3)).isEqualTo(5);
    assertThat(parameter.value().get(4)).isZero();
  }

  @Test
  void aSnapshotBringsBackTheValuesItTook() {
    var parameter = new Parameter("w", Floats.allocate(16), Floats.allocate(16));
    parameter.value().set(2, 7);
    var snapshot = new Snapshot(List.of(parameter));
    parameter.value().set(2, 8);
    snapshot.restore();
    assertThat(parameter.value().get(2)).isEqualTo(7);
    parameter.value().set(2, 9);
    snapshot.take();
    parameter.value().set(2, 10);
    snapshot.restore();
    assertThat(parameter.value().get(2)).isEqualTo(9);
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThatThrownBy(() -> Adam.Options.of(0))
        .hasMessage("learningRate: 0.0 is out of range for Adam");
    assertThatThrownBy(() -> new Parameter("w", Floats.allocate(8), Floats.allocate(8)))
        .hasMessage("w: 8 values and 8 gradients. Give equally many, a multiple of 16");
  }
}
