package dev.sluice.cell;

import dev.sluice.kernel.*;

public final class LstmLayer {
  final float[] wi, wh, b;
  final int inputs, hidden;
  final GatePanels panels;

  public LstmLayer(float[] wi, float[] wh, float[] b, int inputs, int hidden) {
    this.wi = wi;
    this.wh = wh;
    this.b = b;
    this.inputs = inputs;
    this.hidden = hidden;
    this.panels = GatePanels.pack(wi, wh, b, inputs, hidden);
  }
}
