package dev.sluice.app;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.Int16Weights;
import dev.sluice.config.ModelDecl.WeightFormat;
import dev.sluice.config.Topology;
import dev.sluice.model.Model;
import java.util.function.Consumer;

/** What {@code model.weights} asks for, done alike for every command that scores. */
final class WeightChoice {

  private WeightChoice() {}

  /** Returns {@code model} with the weights that the topology asks for, and reports. */
  static Model forScoring(Model model, Topology file, String where, Consumer<String> say) {
    Model scoring = forScoring(model, file);
    report(model, scoring, file, where, say);
    return scoring;
  }

  /** Returns {@code model} with the weights that the topology asks for. */
  static Model forScoring(Model model, Topology file) {
    if (file.model().weights() == WeightFormat.FLOAT32) {
      return model;
    }
    CellStack rounded = Int16Weights.of(model.cell());
    return hasInt16(rounded) ? model.withCell(rounded) : model;
  }

  /**
   * Measures how far int16 weights are off. A thousand steps of 512 units take 0.15 s, but 4 s in a
   * process whose kernel is not compiled yet.
   *
   * @param where what messages call the model
   * @param say takes one line for each layer: what was done and how far off it is, or why not
   */
  static void report(
      Model trained, Model scoring, Topology file, String where, Consumer<String> say) {
    if (file.model().weights() == WeightFormat.FLOAT32) {
      return;
    }
    CellStack before = trained.cell();
    CellStack after = scoring.cell();
    boolean any = hasInt16(after);
    double[] differences = any ? Int16Weights.differences(before, after) : new double[0];
    for (int l = 0; l < after.layers().size(); l++) {
      CellLayer layer = after.layers().get(l);
      String name = "layer " + l + " (H=" + layer.hidden() + ")";
      say.accept(
          where + ": " + (layer.hasInt16Weights() ? done(name, differences[l]) : notDone(name)));
    }
  }

  private static boolean hasInt16(CellStack cell) {
    return cell.layers().stream().anyMatch(CellLayer::hasInt16Weights);
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
