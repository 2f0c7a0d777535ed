package dev.sluice.cell;

import dev.sluice.kernel.*;
import java.util.*;

public final class LstmStack {
  final List<LstmLayer> layers;

  public LstmStack(List<LstmLayer> l) {
    layers = l;
  }

  public int inputs() {
    return layers.get(0).inputs;
  }

  public int hidden() {
    return layers.getLast().hidden;
  }

  public int memoryFloats() {
    int n = 0;
    for (LstmLayer l : layers) n += 2 * Floats.pad(l.hidden);
    return n;
  }

  public int hiddenAt() {
    return memoryFloats() - 2 * Floats.pad(hidden());
  }

  public List<Integer> hiddenSizes() {
    return layers.stream().map(l -> l.hidden).toList();
  }

  public void warmUp() {}

  public void step(RowSet r, Floats in, int stride, CellScratch s) {
    int at = 0;
    int prev = 0;
    for (int i = 0; i < layers.size(); i++) {
      LstmLayer l = layers.get(i);
      if (i == 0) Kernel.best().step(l.panels, in, stride, r, 0, s.scratch);
      else Kernel.best().stepWithin(l.panels, prev, r, at, s.scratch);
      prev = at;
      at += 2 * Floats.pad(l.hidden);
    }
  }
}
