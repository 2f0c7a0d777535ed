package dev.sluice.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shorts of a panel stand for, read with the layout of the documentation. */
final class Int16PanelsTest {

  private static final int INPUTS = 3;

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 21})
  void everyWeightIsWithinHalfAScaleOfTheTrainedOne(int hidden) {
    var layer = TestLayer.random(INPUTS, hidden, hidden);
    var panels = layer.int16().panels();
    for (int row = 0; row < 4 * hidden; row++) {
      double gate = row / hidden == 2 ? 2 / Math.log(2) : -1 / Math.log(2);
      long column = columnAddress(panels, row / hidden, row % hidden);
      double scale = Memory.get(column + 256);
      double most = 0;
      int largest = 0;
      for (int k = 0; k < INPUTS + hidden; k++) {
        double weight = gate * weight(layer, row, k);
        int stored = Memory.getShort(shortAddress(panels, row / hidden, row % hidden, k));
        // Half a step, and the roundings of the float products gate · weight and of the scale.
        assertThat(stored * scale).isCloseTo(weight, within(0.5 * scale * 1.01));
        most = Math.max(most, Math.abs(weight));
        largest = Math.max(largest, Math.abs(stored));
      }
      assertThat(largest).isEqualTo(32_767);
      assertThat(scale * 32_767).isCloseTo(most, within(most * 3e-7));
      double bias = gate * layer.bias()[row];
      assertThat((double) Memory.get(column)).isCloseTo(bias, within(Math.abs(bias) * 2e-7));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, 1e-45f, -3e-42f})
  void weightsTooSmallForAScaleBecomeZero(float weight) {
    var panels =
        GatePanels.pack(new float[] {weight, 0, 0, 0}, new float[4], new float[4], 1, 1).toInt16();
    assertThat(Memory.get(columnAddress(panels, 0, 0) + 256)).isZero();
    assertThat(Memory.getShort(shortAddress(panels, 0, 0, 0))).isZero();
  }

  /** Address of the bias of a unit's gate. */
  private static long columnAddress(GatePanels panels, int gate, int unit) {
    return panels.address() + unit / 16 * panels.panelBytes() + 4L * (16 * gate + unit % 16);
  }

  private static long shortAddress(GatePanels panels, int gate, int unit, int k) {
    long panel = panels.address() + unit / 16 * panels.panelBytes();
    return panel + 512 + 128L * k + 2L * (16 * gate + unit % 16);
  }

  private static float weight(TestLayer layer, int row, int k) {
    return k < INPUTS
        ? layer.inputWeights()[row * INPUTS + k]
        : layer.hiddenWeights()[row * layer.hidden() + k - INPUTS];
  }
}
