package dev.sluice.bench.event;

import dev.sluice.cell.CellLayer;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import dev.sluice.state.Memories;
import dev.sluice.state.RowLayout;

/**
 * The river without its scores: rows are found, inputs encoded, memories stepped and scales learned
 * as there, but nothing is foretold, judged or scored, and a key that comes twice in a wave is not
 * put off to another round.
 */
final class BareStep {

  private final Model model;
  private final Memories memories = new Memories();
  private final Encoder encoder;
  private final RowLayout layout;
  private final int stride;
  private final Floats inputs;
  private final float[] row;
  private final RowSet rows = new RowSet(Readings.WAVE);
  private final Scratch scratch;

  BareStep(Model model) {
    this.model = model;
    this.encoder = new Encoder(model.features(), Readings.SCHEMA);
    this.layout =
        new RowLayout(
            model.cell().layers().stream().map(CellLayer::hidden).toList(), encoder.statsSize());
    this.row = new float[encoder.width()];
    this.stride = Floats.pad(row.length);
    this.inputs = Floats.allocate((long) Readings.WAVE * stride);
    this.scratch = model.cell().scratch(Readings.WAVE);
  }

  void step(Event[] wave) {
    rows.clear();
    for (int i = 0; i < wave.length; i++) {
      int slot = memories.claim(wave[i].key());
      if (!memories.hasRow(slot)) {
        memories.reset(slot, layout);
      }
      double[] stats = memories.stats(slot);
      int at = memories.statsAt(slot);
      encoder.encode(wave[i], stats, at, row);
      inputs.write((long) i * stride, row, 0, row.length);
      rows.add(memories.page(slot), memories.offset(slot), model.cell().memoryFloats());
    }
    model.cell().step(rows, inputs, stride, scratch);
    for (Event event : wave) {
      int slot = memories.claim(event.key());
      encoder.learn(event, memories.stats(slot), memories.statsAt(slot));
    }
  }
}
