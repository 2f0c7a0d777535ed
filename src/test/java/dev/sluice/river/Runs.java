package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Models;
import dev.sluice.registry.Timeline;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** Takes events through a river, and collects what comes out. */
final class Runs {

  static final int WAVE = 256;

  private final River river;
  private final Memories memories;
  private final Models<Model> models;
  private final Result[] results = new Result[WAVE];
  private final ResultJson json = new ResultJson();

  Runs(Settings.OnSwap onSwap, Models<Model> models) {
    this(new Settings(WAVE, 0.9, Optional.empty(), onSwap), models);
  }

  Runs(Settings settings, Models<Model> models) {
    this(TestModels.SCHEMA, settings, models);
  }

  Runs(EventSchema schema, Settings settings, Models<Model> models) {
    this.models = models;
    this.memories = new Memories(settings.encoding(), MemoryBudget.unlimited());
    this.river = new River(schema, settings, memories);
    for (int i = 0; i < WAVE; i++) {
      results[i] = new Result();
    }
  }

  /** Returns one model that is in force for everything. */
  static Models<Model> of(Model model) {
    return FixedModels.of(model.version(), model).models();
  }

  /** Returns models that follow each other, each in force from its time on. */
  static Models<Model> of(long[] validFrom, Model... models) {
    Timeline timeline = Timeline.empty("test");
    Map<Integer, Model> byVersion = new HashMap<>();
    for (int i = 0; i < models.length; i++) {
      timeline = timeline.plus(models[i].version(), validFrom[i], 0, Timeline.What.PUBLISH);
      byVersion.put(models[i].version(), models[i]);
    }
    return FixedModels.of(timeline, byVersion).models();
  }

  River river() {
    return river;
  }

  Memories memories() {
    return memories;
  }

  /** Takes one wave through; result i is valid until the next one. */
  Result[] flow(Event... events) {
    river.flow(events, events.length, models, results);
    return results;
  }

  /** Takes one event through. */
  Result one(Event event) {
    return flow(event)[0];
  }

  /** Takes all events through in waves of one size, and returns each result as JSON. */
  List<String> all(List<Event> events, int wave) {
    return all(events, _ -> wave);
  }

  /**
   * Takes all events through.
   *
   * @param wave from the place of a wave's first event to its size
   */
  List<String> all(List<Event> events, IntUnaryOperator wave) {
    List<String> written = new ArrayList<>();
    for (int from = 0; from < events.size(); ) {
      int to = Math.min(events.size(), from + wave.applyAsInt(from));
      flow(events.subList(from, to).toArray(Event[]::new));
      for (int i = 0; i < to - from; i++) {
        written.add(text(results[i]));
      }
      from = to;
    }
    return written;
  }

  String text(Result result) {
    return result.isScored() ? new String(json.write(result), UTF_8) : "not scored";
  }
}
