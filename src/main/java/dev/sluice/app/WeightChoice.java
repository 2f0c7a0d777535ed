package dev.sluice.app;

import dev.sluice.cell.Int16Weights;
import dev.sluice.cell.LstmLayer;
import dev.sluice.cell.LstmStack;
import dev.sluice.config.ModelDecl.WeightFormat;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import java.util.function.Consumer;

/** What {@code model.weights} asks for, done alike for every command that scores. */
final class WeightChoice {

  private WeightChoice() {}

  /**
   * Returns {@code model} with the weights that the topology asks for.
   *
   * @param where what messages call the model
   * @param say takes one line for each layer: what was done and how far off it is, or why not
   */
  static Model forScoring(Model model, Topology file, String where, Consumer<String> say) {
    if (file.model().weights() == WeightFormat.FLOAT32) {
      return model;
    }
    LstmStack before = model.cell();
    LstmStack after = Int16Weights.of(before);
    boolean any = after.layers().stream().anyMatch(LstmLayer::hasInt16Weights);
    double[] differences = any ? Int16Weights.differences(before, after) : new double[0];
    for (int l = 0; l < after.layers().size(); l++) {
      LstmLayer layer = after.layers().get(l);
      String name = "layer " + l + " (H=" + layer.hidden() + ")";
      say.accept(
          where + ": " + (layer.hasInt16Weights() ? done(name, differences[l]) : notDone(name)));
    }
    return any ? model.withCell(after) : model;
  }

  private static String done(String layer, double difference) {
    return "int16 weights in "
        + layer
        + ": hidden state differs from float32 by at most "
        + Numbers.atMost(difference)
        + " over "
        + Numbers.grouped(Int16Weights.STEPS)
        + " steps";
  }

  private static String notDone(String layer) {
    return "float32 weights in "
        + layer
        + ": int16, as model.weights asks for, brings nothing below "
        + Int16Weights.LEAST_HIDDEN
        + " units";
  }
}
