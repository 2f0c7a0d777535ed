package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.head.BinHead;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.ScalarDoor;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Onset;
import dev.sluice.score.Scorer;
import dev.sluice.score.Severity;
import dev.sluice.score.Shares;
import dev.sluice.state.Encoding;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final AlertPolicy alerts;
  private final Settings settings;
  private final Map<String, Key> keys = new HashMap<>();
  private final Map<CellLayer, GatePanels> packed = new IdentityHashMap<>();
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
    final List<Event> history = new ArrayList<>();
    Key shadow;
    int steps;
  }

  PlainLoop(Settings.OnSwap onSwap, Models<Model> models) {
    this(new Settings(1, 0.9, Optional.empty(), onSwap), models);
  }

  PlainLoop(Settings settings, Models<Model> models) {
    this.settings = settings;
    this.alerts = settings.alerts();
    this.timeline = models.entries();
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
    long atLeast = key.shadow == null ? key.sequence : Math.max(key.sequence, key.shadow.sequence);
    Models.Entry<Model> entry = inForce(event.timeMillis(), atLeast);
    if (settings.onSwap() instanceof Settings.OnSwap.Shadow(int events)) {
      key = shadow(name, key, entry, events);
    } else if (key.model == null || key.model.version() != entry.version()) {
      swap(key, entry.model());
    }
    if (key.shadow == null) {
      key.sequence = entry.sequence();
    }
    Result result = advance(key, event);
    if (key.shadow != null) {
      result.shadow(advance(key.shadow, event));
      key.steps++;
    }
    return new String(json.write(result), UTF_8);
  }

  /** Returns the key that judges: this one, or the shadow that has taken its place. */
  private Key shadow(String name, Key key, Models.Entry<Model> entry, int events) {
    if (key.model == null) {
      begin(key, entry.model());
    } else if (key.model.version() == entry.version()) {
      key.shadow = null;
    } else if (key.shadow == null || key.shadow.model.version() != entry.version()) {
      key.shadow = new Key();
      begin(key.shadow, entry.model());
      if (key.stats.length == key.shadow.stats.length) {
        key.shadow.stats = key.stats.clone();
      }
      key.shadow.seen = key.seen;
      key.shadow.latest = key.latest;
      key.steps = 0;
    } else if (key.steps >= events) {
      keys.put(name, key.shadow);
      return key.shadow;
    }
    if (key.shadow != null) {
      key.shadow.sequence = entry.sequence();
    }
    return key;
  }

  private void begin(Key key, Model model) {
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    key.model = model;
    key.memory = Floats.allocate(model.cell().memoryFloats());
    key.stats =
        new double[encoder.statsSize() + scores(model) + AlertRules.STATS_SIZE + Onset.STATS_SIZE];
    key.seen = false;
  }

  private void swap(Key key, Model model) {
    boolean fits = key.model != null && key.model.cell().shapeHash() == model.cell().shapeHash();
    boolean fresh = key.model == null;
    switch (settings.onSwap()) {
      case Settings.OnSwap.Rewarm(int events) when !fresh -> rewarm(key, model, events);
      case Settings.OnSwap.Keep _ when fits -> key.model = model;
      default -> begin(key, model);
    }
  }

  /** All models of these tests keep the same statistics. */
  private void rewarm(Key key, Model model, int most) {
    double[] stats = key.stats;
    boolean wasSeen = key.seen;
    int count = key.history.size();
    begin(key, model);
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    double[] replayed = new double[stats.length];
    if (count > most) {
      System.arraycopy(stats, 2, replayed, 2, encoder.statsSize() - 2);
    }
    for (Event event : key.history.subList(Math.max(0, count - most), count)) {
      float[] inputs = new float[encoder.width()];
      encoder.encode(event, replayed, 0, inputs);
      step(model.cell(), inputs, key.memory);
      round(key.memory);
      double[] scales = replayed.clone();
      encoder.learn(event, replayed, 0);
      if (count > most) {
        System.arraycopy(scales, 2, replayed, 2, encoder.statsSize() - 2);
      }
    }
    key.stats = stats;
    key.seen = wasSeen;
  }

  private Result advance(Key key, Event event) {
    Model model = key.model;
    var encoder = new Encoder(model.features(), TestModels.SCHEMA);
    var result = new Result();
    result.begin(
        event, key.seen && event.timeMillis() < key.latest, model.version(), model.predicted());
    float[] inputs = new float[encoder.width()];
    encoder.encode(event, key.stats, 0, inputs);

    judge(encoder, event, key, result);
    step(model.cell(), inputs, key.memory);
    round(key.memory);

    encoder.learn(event, key.stats, 0);
    key.latest = key.seen ? Math.max(key.latest, event.timeMillis()) : event.timeMillis();
    key.seen = true;
    key.history.add(event);
    return result;
  }

  private void round(Floats memory) {
    if (settings.encoding() == Encoding.FLOAT16) {
      for (int i = 0; i < memory.size(); i++) {
        memory.set(i, Float.float16ToFloat(Float.floatToFloat16(memory.get(i))));
      }
    }
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

  /** Doubles of the scorer and of the shares. */
  private static int scores(Model model) {
    int fields = model.predicted().size();
    return Scorer.statsSize(fields, channels(model)) + Shares.statsSize(fields);
  }

  private static int views(Model model) {
    return 1 + model.heads().stream().mapToInt(Head::view).max().orElseThrow();
  }

  private static int channels(Model model) {
    return views(model) + (model.predicted().size() > 1 ? 1 : 0);
  }

  /** What came of one event: values and surprises by field, surprises by channel, and of all. */
  private record Came(double[] values, double[] byField, double[] byChannel, double all) {}

  private void judge(Encoder encoder, Event event, Key key, Result result) {
    Model model = key.model;
    int fields = model.predicted().size();
    double[] values = new double[fields];
    double[] byField = new double[fields];
    double[] byChannel = new double[channels(model)];
    int[] counts = new int[byChannel.length];
    for (int f = 0; f < fields; f++) {
      Foretold foretold = result.fields().get(f);
      double mean = 0;
      int views = 0;
      for (Head head : model.heads()) {
        if (head.field().equals(model.predicted().get(f))) {
          double nats = judge(encoder, event, key, head, foretold);
          byChannel[head.view()] += Double.isNaN(nats) ? 0 : nats;
          counts[head.view()] += Double.isNaN(nats) ? 0 : 1;
          mean += (nats - mean) / ++views;
        }
      }
      values[f] = foretold.value();
      byField[f] = mean;
      foretold.surprise(Double.isNaN(mean) ? 0 : mean);
    }
    for (int view = 0; view < views(model); view++) {
      byChannel[view] /= Math.max(1, counts[view]);
    }
    double all = 0;
    int came = 0;
    for (double nats : byField) {
      if (!Double.isNaN(nats)) {
        all += nats;
        came++;
        if (fields > 1) {
          byChannel[views(model)] = Math.max(byChannel[views(model)], nats);
        }
      }
    }
    var what = new Came(values, byField, byChannel, came == 0 ? 0 : all / came);
    score(encoder.statsSize(), event, key, what, result);
  }

  private void score(int at, Event event, Key key, Came what, Result result) {
    Model model = key.model;
    int fields = what.values.length;
    var scorer = new Scorer(model.calibration(), fields, what.byChannel.length);
    boolean came = !Arrays.stream(what.byField).allMatch(Double::isNaN);
    double[] shares = new double[fields];
    double score = 0;
    if (came) {
      score = scorer.score(what.byChannel, what.values, key.stats, at);
      int sharesAt = at + Scorer.statsSize(fields, what.byChannel.length);
      new Shares(fields).divide(what.byField, shares, key.stats, sharesAt);
    }
    boolean warmingUp = scorer.isWarmingUp(key.stats, at);
    var decision = AlertRules.Decision.SILENCE;
    int onsetAt = at + scores(model) + AlertRules.STATS_SIZE;
    if (came) {
      Onset.take(what.all, event.timeMillis(), key.stats, onsetAt);
      decision =
          new AlertRules(model.calibration(), alerts)
              .decide(
                  warmingUp ? 0 : score,
                  what.all,
                  event.key(),
                  event.timeMillis(),
                  key.stats,
                  at + scores(model));
    }
    result.surprise(what.all, shares);
    result.scored(score, decision, warmingUp);
    if (result.isConcern()) {
      Explanation to = result.explanation();
      to.severity(Severity.of(score));
      to.began(Onset.timeMillis(key.stats, onsetAt), Onset.eventsAgo(key.stats, onsetAt));
      PlainHeads.explain(model, key.memory, key.stats, event, result);
    }
  }

  /** Returns the surprise, NaN where nothing came. */
  private double judge(Encoder encoder, Event event, Key key, Head head, Foretold foretold) {
    float[] outputs = PlainHeads.outputs(head, key.model.cell(), key.memory);
    var judgement = new Judgement(0.9);
    int index = key.model.targetIndex(head);
    int view = head.view();
    if (head instanceof WordHead words) {
      words.judge(outputs, 0, encoder.categoryId(index, event), judgement);
      foretold.word(encoder.word(index, event), words, judgement);
      return judgement.surprise();
    }
    double value = encoder.number(index, event, key.stats, 0);
    boolean came = !Double.isNaN(value);
    if (came) {
      head.judge(outputs, 0, encoder.scaled(index, view, event, key.stats, 0), judgement);
    } else {
      head.expect(outputs, 0, judgement);
    }
    if (PlainHeads.isElapsed(key.model, index) && head instanceof BinHead bins) {
      double unit = encoder.deviation(index, view, key.stats, 0);
      foretold.elapsed(value, judgement, bins.median(outputs, 0), unit);
    } else if (view == 0) {
      double mean = encoder.mean(index, view, event, key.stats, 0);
      foretold.value(value, judgement, mean, encoder.deviation(index, view, key.stats, 0));
    }
    return came ? judgement.surprise() : Double.NaN;
  }

  private void step(CellStack cell, float[] inputs, Floats memory) {
    var row = new RowSet(1);
    row.add(memory, 0, (int) memory.size());
    Floats input = Floats.allocate(Floats.pad(inputs.length));
    input.write(0, inputs, 0, inputs.length);
    for (int l = 0; l < cell.layers().size(); l++) {
      CellLayer layer = cell.layers().get(l);
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

  private static GatePanels pack(CellLayer layer) {
    return GatePanels.pack(
        layer.inputWeights(), layer.hiddenWeights(), layer.bias(), layer.inputs(), layer.hidden());
  }
}
