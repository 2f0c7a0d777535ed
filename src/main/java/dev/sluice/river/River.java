package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Onset;
import dev.sluice.score.Scorer;
import dev.sluice.state.Memories;
import dev.sluice.state.RowLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes waves of events through the models in force, and steps the memories of their keys.
 *
 * <p>A wave is cut into rounds in which each key occurs once, so that a round is one batched step
 * across keys while the events of a key keep their order. However events are cut into waves, each
 * gets the same bits: the kernel promises that a row does not depend on its neighbours, and
 * everything else here is done event by event.
 *
 * <p>An event of several steps goes through its round step by step, beside the others that have as
 * many; what is said of it is said after the last.
 *
 * <p>Confined to one thread. Allocates only when a model or a key is new.
 */
public final class River {

  private final EventSchema schema;
  private final Settings settings;
  private final Memories memories;
  private final List<ModelInUse> modelsInUse = new ArrayList<>();
  private final Handover handover;
  private final @Nullable Window window;
  private final @Nullable Rewarming rewarming;

  // Of the round under way: the version beside, its results, and where its row is within a key's.
  private @Nullable ModelInUse candidate;
  private final Result[] shadowResults;
  private int floatsAt;
  private int doublesAt;

  // Positions in the wave that wait for a later round, and those of the round under way.
  private final int[] waiting;
  private final int[] round;
  private final int[] slots;
  private int roundCount;
  private int[] takenIn = new int[1024]; // By slot: the round that took it last.
  private int roundNumber;

  private long expired;

  /**
   * Creates a river.
   *
   * @param schema what events look like
   * @param settings how they are scored
   * @param memories the keys of this task; stepped in place
   */
  public River(EventSchema schema, Settings settings, Memories memories) {
    this.schema = schema;
    this.settings = settings;
    this.memories = memories;
    this.window =
        settings.onSwap() instanceof Settings.OnSwap.Rewarm(int most)
            ? new Window(schema, most)
            : null;
    this.rewarming =
        window == null ? null : new Rewarming(window, schema, memories, settings.wave());
    this.handover = new Handover(settings.onSwap(), memories, window);
    boolean shadows = settings.onSwap() instanceof Settings.OnSwap.Shadow;
    this.shadowResults = new Result[shadows ? settings.wave() : 0];
    Arrays.setAll(shadowResults, _ -> new Result());
    this.waiting = new int[settings.wave()];
    this.round = new int[settings.wave()];
    this.slots = new int[settings.wave()];
  }

  /**
   * Takes one wave through.
   *
   * @param events the events, in order; events of one key may follow each other
   * @param count how many of them, at most the settings' wave
   * @param models which model is in force when; not empty
   * @param results overwritten: result i is of event i
   */
  public void flow(Event[] events, int count, Models<Model> models, Result[] results) {
    int left = count;
    for (int i = 0; i < count; i++) {
      slots[i] = memories.claim(events[i].key());
      waiting[i] = i;
    }
    while (left > 0) {
      left = fillRound(events, left, models);
      ModelInUse inUse = recall(events, models, results);
      for (int step = 0; goTo(step, events, results); step++) {
        load(events, inUse);
        inUse.judge.predict(inUse.rows, inUse.scratch);
        judge(inUse, events, results);
        inUse.step(settings.encoding());
        remember(inUse, events, results);
        if (candidate != null) {
          shadow(candidate, step, events, results);
        }
      }
    }
  }

  /** Takes the events of the round to a step; those that have none leave the round. */
  private boolean goTo(int step, Event[] events, Result[] results) {
    int left = 0;
    for (int i = 0; i < roundCount; i++) {
      int position = round[i];
      if (step < events[position].steps() && !results[position].isLost()) {
        events[position].step(step);
        round[left++] = position;
      }
    }
    roundCount = left;
    return left > 0;
  }

  /**
   * Takes the first waiting event of each key whose models are those of the first event of all, and
   * keeps the others waiting in their order.
   */
  private int fillRound(Event[] events, int left, Models<Model> models) {
    if (takenIn.length < memories.slotLimit()) {
      takenIn = Arrays.copyOf(takenIn, 2 * memories.slotLimit());
    }
    if (++roundNumber == 0) {
      // After four billion rounds, a few hours: every number has been used.
      Arrays.fill(takenIn, 0);
      roundNumber = 1;
    }
    roundCount = 0;
    int stillWaiting = 0;
    expire(events[waiting[0]], slots[waiting[0]]);
    long roles = roles(events[waiting[0]], slots[waiting[0]], models);
    for (int i = 0; i < left; i++) {
      int position = waiting[i];
      int slot = slots[position];
      boolean free = takenIn[slot] != roundNumber;
      // A key that waits must not be overtaken by its own later event.
      takenIn[slot] = roundNumber;
      if (free) {
        expire(events[position], slot);
      }
      if (free && roles(events[position], slot, models) == roles) {
        round[roundCount++] = position;
      } else {
        waiting[stillWaiting++] = position;
      }
    }
    return stillWaiting;
  }

  /** A key that was silent for too long is new, before anything is asked of it. */
  private void expire(Event event, int slot) {
    if (memories.isIdle(slot, event.timeMillis(), settings.expireAfterMillis())) {
      memories.forget(slot);
      expired++;
    }
  }

  /** Who judges an event, and whose memory is stepped beside: equal for the events of a round. */
  private long roles(Event event, int slot, Models<Model> models) {
    Models.Entry<Model> target = handover.target(event, slot, models);
    long judge = handover.judge(slot, target, models).version();
    return judge << 32 | target.version();
  }

  /** Finds each key's row, fitting the model that judges, and encodes its event. */
  private ModelInUse recall(Event[] events, Models<Model> models, Result[] results) {
    Models.Entry<Model> first = handover.target(events[round[0]], slots[round[0]], models);
    Models.Entry<Model> judge = handover.judge(slots[round[0]], first, models);
    ModelInUse inUse = inUse(judge.model(), models);
    candidate = judge.version() == first.version() ? null : inUse(first.model(), models);
    for (int i = 0; i < roundCount; i++) {
      int slot = slots[round[i]];
      Models.Entry<Model> target = handover.target(events[round[i]], slot, models);
      if (candidate != null) {
        handover.putBeside(slot, target, inUse.beside(candidate), candidate.layout.stats());
      } else if (handover.takeOver(slot, target, inUse.layout)) {
        Objects.requireNonNull(rewarming).add(slot);
      }
    }
    if (rewarming != null) {
      rewarming.replay(inUse);
    }
    begin(events, inUse, results);
    return inUse;
  }

  private void begin(Event[] events, ModelInUse inUse, Result[] results) {
    for (int i = 0; i < roundCount; i++) {
      Event event = events[round[i]];
      double[] stats = memories.stats(slots[round[i]]);
      boolean late = Encoder.isLate(event, stats, statsAt(slots[round[i]]));
      results[round[i]].begin(event, late, inUse.model.version(), inUse.judge.predicted());
    }
  }

  /** Encodes the events, and lists the rows they step. */
  private void load(Event[] events, ModelInUse inUse) {
    inUse.rows.clear();
    int floats = inUse.model.cell().memoryFloats();
    for (int i = 0; i < roundCount; i++) {
      Event event = events[round[i]];
      int slot = slots[round[i]];
      inUse.encoder.encode(event, memories.stats(slot), statsAt(slot), inUse.inputRow);
      inUse.inputs.write((long) i * inUse.inputStride, inUse.inputRow, 0, inUse.inputRow.length);
      long start = memories.offset(slot) + floatsAt;
      inUse.rows.add(memories.page(slot), start, floats);
      inUse.judge.place(i, memories.page(slot), start);
    }
  }

  /** Returns where the statistics of the model at work begin. */
  private int statsAt(int slot) {
    return memories.statsAt(slot) + doublesAt;
  }

  /**
   * The version that is to take over judges and steps for itself what the other one has judged; its
   * statistics are its own, and of its results the other one's tell a little.
   */
  private void shadow(ModelInUse beside, int step, Event[] events, Result[] results) {
    RowLayout layout = memories.layout(slots[round[0]]);
    floatsAt = layout.floatsAt(Shadow.KIND);
    doublesAt = layout.doublesAt(Shadow.KIND) + Shadow.HEADER;
    if (step == 0) {
      begin(events, beside, shadowResults);
    }
    load(events, beside);
    beside.judge.predict(beside.rows, beside.scratch);
    judge(beside, events, shadowResults);
    beside.step(settings.encoding());
    for (int i = 0; i < roundCount; i++) {
      int slot = slots[round[i]];
      Result shadow = shadowResults[round[i]];
      if (!shadow.isLost()) {
        if (shadow.isScored()) {
          results[round[i]].shadow(shadow);
        }
        beside.encoder.learn(events[round[i]], memories.stats(slot), statsAt(slot));
        Shadow.stepped(memories, slot);
      } else {
        Shadow.clear(memories, slot);
      }
    }
    floatsAt = 0;
    doublesAt = 0;
  }

  private ModelInUse inUse(Model model, Models<Model> models) {
    for (int i = 0; i < modelsInUse.size(); i++) {
      if (modelsInUse.get(i).isOf(model)) {
        return modelsInUse.get(i);
      }
    }
    // What is not on the timeline any more is never asked for again.
    modelsInUse.removeIf(known -> models.entries().stream().noneMatch(e -> known.isOf(e.model())));
    var made = new ModelInUse(model, schema, settings, memories, window);
    modelsInUse.add(made);
    return made;
  }

  private void judge(ModelInUse inUse, Event[] events, Result[] results) {
    for (int i = 0; i < roundCount; i++) {
      Event event = events[round[i]];
      Result result = results[round[i]];
      double[] stats = memories.stats(slots[round[i]]);
      int at = statsAt(slots[round[i]]);
      if (inUse.judge.judge(i, event, stats, at, result)) {
        if (isWhole(inUse, event, result)) {
          score(inUse, event, stats, at, result);
          if (result.isConcern()) {
            inUse.explain(i, event, stats, at, result);
          }
        }
        inUse.judge.adapt(i);
      } else {
        result.lose();
      }
    }
  }

  /** Adds a step to those before, and returns whether it was the last. */
  private static boolean isWhole(ModelInUse inUse, Event event, Result result) {
    Tally tally = result.tally();
    if (event.isCut()) {
      tally.add(result.leading());
    }
    boolean whole = tally.steps() == 0 || tally.steps() == event.steps();
    if (whole && event.isCut()) {
      inUse.judge.sumUp(tally, result);
    }
    return whole;
  }

  /** What did not come sets no record, neither a high nor a low one. */
  private static void score(ModelInUse inUse, Event event, double[] stats, int at, Result result) {
    Judge judge = inUse.judge;
    Scorer scorer = inUse.scorer;
    int scoreAt = at + inUse.scoreAt;
    double score = 0;
    AlertRules.Decision decision = AlertRules.Decision.SILENCE;
    if (judge.came()) {
      score = scorer.score(judge.surprises(), judge.values(), stats, scoreAt);
      Onset.take(judge.surprise(), event.timeMillis(), stats, at + inUse.onsetAt);
      inUse.shares.divide(judge.nats(), inUse.fieldShares, stats, at + inUse.sharesAt);
      double alerting = scorer.isWarmingUp(stats, scoreAt) ? 0 : score;
      decision =
          inUse.rules.decide(
              alerting,
              judge.surprise(),
              event.key(),
              event.timeMillis(),
              stats,
              at + inUse.rulesAt);
    } else {
      Arrays.fill(inUse.fieldShares, 0);
    }
    result.surprise(judge.surprise(), inUse.fieldShares);
    result.scored(score, decision, scorer.isWarmingUp(stats, scoreAt));
  }

  private void remember(ModelInUse inUse, Event[] events, Result[] results) {
    for (int i = 0; i < roundCount; i++) {
      int slot = slots[round[i]];
      if (!results[round[i]].isLost()) {
        inUse.encoder.learn(events[round[i]], memories.stats(slot), memories.statsAt(slot));
        if (window != null) {
          int windowAt = memories.statsAt(slot) + inUse.layout.doublesAt(Window.KIND);
          window.put(events[round[i]], memories.stats(slot), windowAt);
        }
      } else {
        // The memory itself went bad; nothing in it can be trusted any more.
        handover.beginAnew(slot, memories.layout(slot));
      }
      memories.saw(slot, events[round[i]].timeMillis());
    }
  }

  /** Returns how many events found a new memory because their key was silent for too long. */
  public long expired() {
    return expired;
  }

  /** Returns how often a key's memory began anew: misfit at a swap, by policy, or gone bad. */
  public long resets() {
    return handover.resets();
  }
}
