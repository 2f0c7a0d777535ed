package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cell.LstmLayer;
import dev.sluice.cell.LstmStack;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.ScalarDoor;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.score.Scorer;
import dev.sluice.state.Encoding;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The river without waves, rounds and resident rows: one event at a time, a map of objects, the
 * scalar kernel, and the rule of which model is in force written down a second time.
 */
final class PlainLoop {

  private static final Kernel SCALAR = ScalarDoor.kernel();

  private final List<Models.Entry<Model>> timeline;
  private final boolean keep;
  private final Settings settings;
  private final Map<String, Key> keys = new HashMap<>();
  private final Map<LstmLayer, GatePanels> packed = new IdentityHashMap<>();
  private int expired;
  private final ResultJson json = new ResultJson();

  /** What is known of a key. */
  private static final class Key {
    long sequence;
    Model model;
    Floats memory;
    double[] stats;
    boolean seen;
    long latest;
  }

  PlainLoop(Settings.OnSwap onSwap, Models<Model> models) {
    this(new Settings(1, 0.9, Optional.empty(), onSwap), models);
  }

  PlainLoop(Settings settings, Models<Model> models) {
    this.settings = settings;
    Settings.OnSwap onSwap = settings.onSwap();
    this.timeline = models.entries();
    this.keep = onSwap == Settings.OnSwap.KEEP;
  }

  int expired() {
    return expired;
  }

  String score(Event event) {
    String name = new String(event.key(), UTF_8);
    Key before = keys.get(name);
    if (before != null && before.seen) {
      if (event.timeMillis() - before.latest > settings.expireAfterMillis()) {
        keys.remove(name);
        expired++;
      }
    }
    Key key = keys.computeIfAbsent(name, _ -> new Key());
    Models.Entry<Model> entry = inForce(event.timeMillis(), key.sequence);
    Model model = entry.model();
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    if (key.sequence != entry.sequence()) {
      boolean fits = key.model != null && key.model.cell().shapeHash() == model.cell().shapeHash();
      if (!keep || !fits) {
        key.memory = Floats.allocate(model.cell().memoryFloats());
        key.stats = new double[encoder.statsSize() + Scorer.STATS_SIZE];
        key.seen = false;
      }
      key.sequence = entry.sequence();
      key.model = model;
    }
    var result = new Result();
    result.begin(event, key.seen && event.timeMillis() < key.latest, model.version());
    float[] inputs = new float[encoder.width()];
    encoder.encode(event, key.stats, 0, inputs);

    judge(model, encoder, event, key, result);
    step(model.cell(), inputs, key.memory);
    if (settings.encoding() == Encoding.FLOAT16) {
      for (int i = 0; i < key.memory.size(); i++) {
        key.memory.set(i, Float.float16ToFloat(Float.floatToFloat16(key.memory.get(i))));
      }
    }

    encoder.learn(event, key.stats, 0);
    key.latest = key.seen ? Math.max(key.latest, event.timeMillis()) : event.timeMillis();
    key.seen = true;
    return new String(json.write(result), UTF_8);
  }

  /** The last entry whose time has come, the first before all; never one the key has left. */
  private Models.Entry<Model> inForce(long time, long atLeast) {
    Models.Entry<Model> chosen = timeline.getFirst();
    for (Models.Entry<Model> entry : timeline) {
      if (entry.validFromMillis() <= time) {
        chosen = entry;
      }
    }
    for (Models.Entry<Model> entry : timeline) {
      if (chosen.sequence() < atLeast && entry.sequence() >= atLeast) {
        chosen = entry;
      }
    }
    return chosen;
  }

  private static void judge(Model model, Encoder encoder, Event event, Key key, Result result) {
    Head head = model.head();
    float[] outputs = outputs(head, model.cell(), key.memory);
    var judgement = new Judgement(0.9);
    int index = model.targetIndex();
    boolean came = true;
    if (head instanceof WordHead words) {
      words.judge(outputs, 0, encoder.categoryId(index, event), judgement);
      result.word(encoder.word(index, event), words, judgement);
    } else {
      double value = encoder.number(index, event);
      came = !Double.isNaN(value);
      if (came) {
        head.judge(outputs, 0, encoder.scaled(index, event, key.stats, 0), judgement);
      } else {
        head.expect(outputs, 0, judgement);
      }
      double mean = encoder.mean(index, value, key.stats, 0);
      result.value(value, judgement, mean, encoder.deviation(index, key.stats, 0));
    }
    var scorer = new Scorer(model.calibration());
    int at = encoder.statsSize();
    double score = came ? scorer.score(judgement.surprise(), result.value(), key.stats, at) : 0;
    boolean alert = came && scorer.isAlert(score, key.stats, at);
    result.scored(score, alert, scorer.isWarmingUp(key.stats, at));
  }

  private static float[] outputs(Head head, LstmStack cell, Floats memory) {
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
    if (head.isSoftmax()) {
      SCALAR.softmax(outputs, 0, linear.outputs(), new Scratch(1, 1, linear.outputs()));
    }
    return outputs.toArray(0, linear.outputs());
  }

  private void step(LstmStack cell, float[] inputs, Floats memory) {
    var row = new RowSet(1);
    row.add(memory, 0, (int) memory.size());
    Floats input = Floats.allocate(Floats.pad(inputs.length));
    input.write(0, inputs, 0, inputs.length);
    for (int l = 0; l < cell.layers().size(); l++) {
      LstmLayer layer = cell.layers().get(l);
      int units = layer.hidden();
      GatePanels panels = packed.computeIfAbsent(layer, PlainLoop::pack);
      int hiddenAt = cell.hiddenAt(l);
      SCALAR.step(
          panels, input, (int) input.size(), row, hiddenAt, new Scratch(1, layer.inputs(), units));
      // The hidden units of this layer are the inputs of the next.
      input = Floats.allocate(Floats.pad(units));
      input.write(0, memory.toArray(hiddenAt, units), 0, units);
    }
  }

  private static GatePanels pack(LstmLayer layer) {
    return GatePanels.pack(
        layer.inputWeights(), layer.hiddenWeights(), layer.bias(), layer.inputs(), layer.hidden());
  }
}
