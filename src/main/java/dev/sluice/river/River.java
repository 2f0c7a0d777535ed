package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Kernel;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.score.Scorer;
import dev.sluice.state.Encoding;
import dev.sluice.state.Memories;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes waves of events through the models in force, and steps the memories of their keys.
 *
 * <p>A wave is cut into rounds in which each key occurs once, so that a round is one batched step
 * across keys while the events of a key keep their order. However events are cut into waves, each
 * gets the same bits: the kernel promises that a row does not depend on its neighbours, and
 * everything else here is done event by event.
 *
 * <p>Confined to one thread. Allocates only when a model or a key is new.
 */
public final class River {

  private static final Kernel KERNEL = Kernel.best();

  private final EventSchema schema;
  private final Settings settings;
  private final Memories memories;
  private final Judgement judgement;
  private final Map<Integer, ModelInUse> modelsInUse = new HashMap<>();
  private @Nullable ModelInUse latest;

  // Positions in the wave that wait for a later round, and those of the round under way.
  private final int[] waiting;
  private final int[] round;
  private final int[] slots;
  private final boolean[] answered; // By place in the round: whether the head gave numbers.
  private int roundCount;
  private int[] takenIn = new int[1024]; // By slot: the round that took it last.
  private int roundNumber;

  private long resets;
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
    this.judgement = new Judgement(settings.interval());
    this.waiting = new int[settings.wave()];
    this.round = new int[settings.wave()];
    this.slots = new int[settings.wave()];
    this.answered = new boolean[settings.wave()];
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
      predict(inUse);
      judge(inUse, events, results);
      step(inUse);
      remember(inUse, events, results);
    }
  }

  /**
   * Takes the first waiting event of each key whose model is the one of the first event of all, and
   * keeps the others waiting in their order.
   */
  private int fillRound(Event[] events, int left, Models<Model> models) {
    if (takenIn.length < memories.slotLimit()) {
      takenIn = java.util.Arrays.copyOf(takenIn, 2 * memories.slotLimit());
    }
    if (++roundNumber == 0) {
      // After four billion rounds, a few hours: every number has been used.
      java.util.Arrays.fill(takenIn, 0);
      roundNumber = 1;
    }
    roundCount = 0;
    int stillWaiting = 0;
    expire(events[waiting[0]], slots[waiting[0]]);
    int version = entry(events[waiting[0]], slots[waiting[0]], models).version();
    for (int i = 0; i < left; i++) {
      int position = waiting[i];
      int slot = slots[position];
      boolean free = takenIn[slot] != roundNumber;
      // A key that waits must not be overtaken by its own later event.
      takenIn[slot] = roundNumber;
      if (free) {
        expire(events[position], slot);
      }
      if (free && entry(events[position], slot, models).version() == version) {
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

  private Models.Entry<Model> entry(Event event, int slot, Models<Model> models) {
    return models.inForce(event.timeMillis(), memories.sequence(slot), event.key());
  }

  /** Finds each key's row, fitting the model in force, and encodes its event. */
  private ModelInUse recall(Event[] events, Models<Model> models, Result[] results) {
    ModelInUse inUse = inUse(entry(events[round[0]], slots[round[0]], models).model());
    inUse.rows.clear();
    int floats = inUse.model.cell().memoryFloats();
    for (int i = 0; i < roundCount; i++) {
      Event event = events[round[i]];
      int slot = slots[round[i]];
      handOver(slot, entry(event, slot, models), inUse);
      double[] stats = memories.stats(slot);
      int statsAt = memories.statsAt(slot);
      boolean late = Encoder.isLate(event, stats, statsAt);
      results[round[i]].begin(event, late, inUse.model.version());
      inUse.encoder.encode(event, stats, statsAt, inUse.inputRow);
      inUse.inputs.write((long) i * inUse.inputStride, inUse.inputRow, 0, inUse.inputRow.length);
      inUse.rows.add(memories.page(slot), memories.offset(slot), floats);
    }
    return inUse;
  }

  /** Applies the policy for the state where another model takes over, or the key is new. */
  private void handOver(int slot, Models.Entry<Model> entry, ModelInUse inUse) {
    boolean fits = memories.fits(slot, inUse.layout);
    if (fits && memories.sequence(slot) == entry.sequence()) {
      return;
    }
    boolean fresh = memories.sequence(slot) == 0;
    if (!fits || fresh || settings.onSwap() == Settings.OnSwap.RESET) {
      memories.reset(slot, inUse.layout);
      resets += fresh ? 0 : 1;
    }
    memories.steppedBy(slot, entry.sequence(), inUse.model.version());
  }

  private ModelInUse inUse(Model model) {
    if (latest != null && latest.isOf(model)) {
      return latest;
    }
    ModelInUse known = modelsInUse.get(model.version());
    if (known == null || !known.isOf(model)) {
      known =
          new ModelInUse(
              model, schema, settings.calibration().orElse(model.calibration()), settings.wave());
      modelsInUse.put(model.version(), known);
    }
    latest = known;
    return known;
  }

  /** The head reads the memory as the previous event left it. */
  private void predict(ModelInUse inUse) {
    Head head = inUse.model.head();
    int hiddenAt = inUse.model.cell().hiddenAt();
    KERNEL.linearWithin(head.linear().panels(), hiddenAt, inUse.rows, inUse.outputs, inUse.scratch);
    for (int i = 0; i < roundCount; i++) {
      long at = (long) i * inUse.outputStride;
      // Probabilities hide a NaN among the logits; the sum of the exponentials shows it.
      answered[i] =
          !head.isSoftmax()
              || Double.isFinite(
                  KERNEL.softmax(inUse.outputs, at, inUse.outputRow.length, inUse.scratch));
    }
  }

  private void judge(ModelInUse inUse, Event[] events, Result[] results) {
    for (int i = 0; i < roundCount; i++) {
      Event event = events[round[i]];
      Result result = results[round[i]];
      double[] stats = memories.stats(slots[round[i]]);
      int at = memories.statsAt(slots[round[i]]);
      inUse.outputs.read((long) i * inUse.outputStride, inUse.outputRow, 0, inUse.outputRow.length);
      boolean came =
          inUse.model.head() instanceof WordHead words
              ? judgeWord(words, inUse, event, result)
              : judgeValue(inUse, event, stats, at, result);
      if (answered[i] && judgement.isFinite()) {
        score(inUse.scorer, came, stats, at + inUse.scoreAt, result);
      }
    }
  }

  private boolean judgeWord(WordHead head, ModelInUse inUse, Event event, Result result) {
    int index = inUse.targetIndex;
    head.judge(inUse.outputRow, 0, inUse.encoder.categoryId(index, event), judgement);
    result.word(inUse.encoder.word(index, event), head, judgement);
    return true;
  }

  /** Returns false where the value is missing: there is a prediction, but nothing to judge. */
  private boolean judgeValue(ModelInUse inUse, Event event, double[] stats, int at, Result result) {
    Encoder encoder = inUse.encoder;
    int index = inUse.targetIndex;
    double seen = encoder.number(index, event);
    boolean came = !Double.isNaN(seen);
    if (came) {
      double scaled = encoder.scaled(index, event, stats, at);
      inUse.model.head().judge(inUse.outputRow, 0, scaled, judgement);
    } else {
      inUse.model.head().expect(inUse.outputRow, 0, judgement);
    }
    result.value(
        seen, judgement, encoder.mean(index, seen, stats, at), encoder.deviation(index, stats, at));
    return came;
  }

  /** What did not come sets no record, neither a high nor a low one. */
  private static void score(Scorer scorer, boolean came, double[] stats, int at, Result result) {
    double score = came ? scorer.score(result.surprise(), result.value(), stats, at) : 0;
    boolean alert = came && scorer.isAlert(score, stats, at);
    result.scored(score, alert, scorer.isWarmingUp(stats, at));
  }

  private void step(ModelInUse inUse) {
    inUse.model.cell().step(inUse.rows, inUse.inputs, inUse.inputStride, inUse.scratch);
    if (settings.encoding() == Encoding.FLOAT16) {
      KERNEL.roundToHalves(inUse.rows);
    }
  }

  private void remember(ModelInUse inUse, Event[] events, Result[] results) {
    for (int i = 0; i < roundCount; i++) {
      int slot = slots[round[i]];
      if (results[round[i]].isScored()) {
        inUse.encoder.learn(events[round[i]], memories.stats(slot), memories.statsAt(slot));
      } else {
        // The memory itself went bad; nothing in it can be trusted any more.
        memories.reset(slot, inUse.layout);
        resets++;
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
    return resets;
  }
}
