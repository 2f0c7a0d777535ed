package dev.sluice.river;

import dev.sluice.cell.GateActivity;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Calibration;
import dev.sluice.score.Onset;
import dev.sluice.score.Scorer;
import dev.sluice.score.Severity;
import dev.sluice.score.Shares;
import dev.sluice.state.Encoding;
import dev.sluice.state.LayerWord;
import dev.sluice.state.Memories;
import dev.sluice.state.RowLayout;
import dev.sluice.state.Strip;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one model needs of one task: encoder, scorer, the layout of a key's row, and scratch for a
 * wave. Made once for each version, so that a wave allocates nothing.
 */
final class ModelInUse {

  private static final Kernel KERNEL = Kernel.best();

  final Model model;
  final Encoder encoder;
  final Scorer scorer;
  final AlertRules rules;
  final RowLayout layout;
  final Judge judge;
  final Shares shares;

  /** Where a key's score statistics begin within its statistics. */
  final int scoreAt;

  /** Where those of its fields' shares begin. */
  final int sharesAt;

  /** Where those of its alerts begin. */
  final int rulesAt;

  /** Where those of its trouble begin. */
  final int onsetAt;

  /** Stride of a row of {@link #inputs}. */
  final int inputStride;

  final Floats inputs; // [wave, inputStride]
  final float[] inputRow; // (I)
  final double[] fieldShares; // By predicted field, of the event at work.
  final RowSet rows;
  final Scratch scratch;

  /** The words that its features know; none where no row holds events. */
  final KnownWords words;

  private final GateActivity gates;
  private final Memories memories;
  private @Nullable ModelInUse besideWhich;
  private RowLayout beside;

  /**
   * Makes what a model needs.
   *
   * @param memories whose rows it steps
   * @param window of a key's last events that a row holds, null for none
   */
  ModelInUse(
      Model model,
      EventSchema schema,
      Settings settings,
      Memories memories,
      @Nullable Window window) {
    Calibration calibration = settings.calibration().orElse(model.calibration());
    int wave = settings.wave();
    this.memories = memories;
    this.model = model;
    this.encoder = new Encoder(model.features(), schema);
    Adaptation adaptation =
        settings
            .adapt()
            .map(adapt -> new Adaptation(adapt, model.heads(), model.cell().hidden()))
            .orElse(null);
    this.judge = new Judge(model, encoder, settings, adaptation);
    int fields = judge.predicted().size();
    this.scorer = new Scorer(calibration, fields, judge.channels());
    this.shares = new Shares(fields);
    this.fieldShares = new double[fields];
    this.rules = new AlertRules(calibration, settings.alerts());
    this.scoreAt = encoder.statsSize();
    this.sharesAt = scoreAt + Scorer.statsSize(fields, judge.channels());
    this.rulesAt = sharesAt + Shares.statsSize(fields);
    List<Integer> hidden =
        model.cell().layers().stream()
            .map(layer -> LayerWord.of(layer.cell(), layer.hidden(), layer.units()))
            .toList();
    List<Strip> strips = new ArrayList<>();
    if (window != null) {
      strips.add(window.strip());
    }
    if (adaptation != null) {
      strips.add(adaptation.strip());
    }
    this.onsetAt = rulesAt + AlertRules.STATS_SIZE;
    this.layout = memories.shared(new RowLayout(hidden, onsetAt + Onset.STATS_SIZE, strips));
    this.judge.stripAt(layout.floatsAt(Adaptation.KIND));
    this.beside = layout;
    this.words = window == null ? KnownWords.NONE : KnownWords.of(model.features());
    this.inputRow = new float[encoder.width()];
    this.inputStride = Floats.pad(inputRow.length);
    this.inputs = Floats.allocate((long) wave * inputStride);
    this.rows = new RowSet(wave);
    this.scratch = model.cell().scratch(wave);
    this.gates = new GateActivity(model.cell());
  }

  /** Returns the layout of a row of this model with one of {@code candidate} in a strip. */
  @SuppressWarnings("ReferenceEquality")
  RowLayout beside(ModelInUse candidate) {
    if (besideWhich != candidate) {
      beside = memories.shared(Shadow.layout(layout, candidate.layout));
      besideWhich = candidate;
    }
    return beside;
  }

  /**
   * Explains an alert, before its key is stepped.
   *
   * @param row of the event in the wave, the last one that was judged
   * @param stats the key's statistics from {@code at} on, which have the event's score
   */
  void explain(int row, Event event, double[] stats, int at, Result result) {
    Explanation to = result.explanation();
    to.severity(Severity.of(result.score()));
    to.began(Onset.timeMillis(stats, at + onsetAt), Onset.eventsAgo(stats, at + onsetAt));
    inputs.read((long) row * inputStride, inputRow, 0, inputRow.length);
    GateActivity.Gates ofEvent = judge.open(gates, row, inputRow);
    judge.imagine(event, stats, at, result, inputRow);
    to.gates(ofEvent, judge.open(gates, row, inputRow));
  }

  /** Advances {@link #rows} by {@link #inputs}. */
  void step(Encoding encoding) {
    model.cell().step(rows, inputs, inputStride, scratch);
    if (encoding == Encoding.FLOAT16) {
      KERNEL.roundToHalves(rows);
    }
  }

  /** Returns whether this was made for the very same model, not one that looks like it. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(Model other) {
    return model == other;
  }
}
