package dev.sluice.river;

import dev.sluice.cell.CellStack;
import dev.sluice.cell.GateActivity;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.ScalarDoor;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;

/** What the heads of {@link PlainLoop} answer, and what it says of an alert. */
final class PlainHeads {

  private static final Kernel SCALAR = ScalarDoor.kernel();

  private PlainHeads() {}

  /** Both sets of gates from a whole step of copies of the memory, and the nearest value. */
  static void explain(Model model, Floats memory, double[] stats, Event event, Result result) {
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    float[] inputs = new float[encoder.width()];
    encoder.encode(event, stats, 0, inputs);
    GateActivity.Gates ofEvent = gates(model, memory, inputs);
    for (Head head : model.heads()) {
      float[] outputs = outputs(head, model.cell(), memory);
      var judgement = new Judgement(0.9);
      int index = model.targetIndex(head);
      head.expect(outputs, 0, judgement);
      boolean isWord = head instanceof WordHead;
      double expected = isWord ? judgement.likeliest() : judgement.expected();
      encoder.imagine(index, head.view(), expected, inputs);
      double target = isWord ? Double.NaN : encoder.scaled(index, head.view(), event, stats, 0);
      if (head.view() == 0 && !Double.isNaN(target)) {
        double nearest = head.nearestNormal(outputs, 0, target, judgement);
        double mean = encoder.mean(index, 0, event, stats, 0);
        double deviation = encoder.deviation(index, 0, stats, 0);
        int field = model.predicted().indexOf(head.field());
        double value = mean + deviation * nearest;
        result
            .fields()
            .get(field)
            .nearestNormal(isElapsed(model, index) ? Math.expm1(value) : value);
      }
    }
    result.explanation().gates(ofEvent, gates(model, memory, inputs));
  }

  static boolean isElapsed(Model model, int feature) {
    return model.features().features().get(feature) instanceof Feature.Time;
  }

  private static GateActivity.Gates gates(Model model, Floats memory, float[] inputs) {
    return new GateActivity(model.cell()).of(memory, 0, inputs);
  }

  static float[] outputs(Head head, CellStack cell, Floats memory) {
    Floats outputs = logits(head, cell, memory);
    int count = head.linear().outputs();
    if (head.isSoftmax()) {
      SCALAR.softmax(outputs, 0, count, new Scratch(1, 1, count));
    }
    return outputs.toArray(0, count);
  }

  /** What a head says before its softmax, with padding behind. */
  static Floats logits(Head head, CellStack cell, Floats memory) {
    Linear linear = head.linear();
    float[] hidden = memory.toArray(cell.hiddenAt(), cell.hidden());
    Floats outputs = Floats.allocate(linear.panels().paddedOutputs());
    for (int o = 0; o < linear.outputs(); o++) {
      float sum = linear.bias()[o];
      for (int k = 0; k < hidden.length; k++) {
        sum = Math.fma(hidden[k], linear.weights()[o * hidden.length + k], sum);
      }
      outputs.set(o, sum);
    }
    return outputs;
  }
}
