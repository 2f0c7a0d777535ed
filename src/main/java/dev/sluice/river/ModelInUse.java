package dev.sluice.river;

import dev.sluice.cell.LstmLayer;
import dev.sluice.event.EventSchema;
import dev.sluice.feature.Encoder;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import dev.sluice.score.Scorer;
import dev.sluice.state.RowLayout;
import java.util.List;

/**
 * What one model needs of one task: encoder, scorer, the layout of a key's row, and scratch for a
 * wave. Made once for each version, so that a wave allocates nothing.
 */
final class ModelInUse {

  final Model model;
  final Encoder encoder;
  final Scorer scorer;
  final RowLayout layout;
  final int targetIndex;

  /** Where a key's score statistics begin within its statistics. */
  final int scoreAt;

  /** Stride of a row of {@link #inputs}. */
  final int inputStride;

  /** Stride of a row of {@link #outputs}. */
  final int outputStride;

  final Floats inputs; // [wave, inputStride]
  final Floats outputs; // [wave, outputStride]
  final float[] inputRow; // (I)
  final float[] outputRow; // (O)
  final RowSet rows;
  final Scratch scratch;

  ModelInUse(Model model, EventSchema schema, Calibration calibration, int wave) {
    this.model = model;
    this.encoder = new Encoder(model.features(), schema);
    this.scorer = new Scorer(calibration);
    this.targetIndex = model.targetIndex();
    this.scoreAt = encoder.statsSize();
    List<Integer> hidden = model.cell().layers().stream().map(LstmLayer::hidden).toList();
    this.layout = new RowLayout(hidden, scoreAt + Scorer.STATS_SIZE);
    this.inputRow = new float[encoder.width()];
    this.outputRow = new float[model.head().linear().outputs()];
    this.inputStride = Floats.pad(inputRow.length);
    this.outputStride = model.head().linear().panels().paddedOutputs();
    this.inputs = Floats.allocate((long) wave * inputStride);
    this.outputs = Floats.allocate((long) wave * outputStride);
    this.rows = new RowSet(wave);
    this.scratch = model.cell().scratch(wave);
  }

  /** Returns whether this was made for the very same model, not one that looks like it. */
  @SuppressWarnings("ReferenceEquality")
  boolean isOf(Model other) {
    return model == other;
  }
}
