package dev.sluice.cell;

import dev.sluice.kernel.*;

public final class CellScratch {
  final Scratch scratch;

  public CellScratch(LstmStack s, int n) {
    scratch =
        new Scratch(
            n,
            Math.max(s.inputs(), s.hidden()),
            s.hiddenSizes().stream().max(Integer::compare).get());
  }
}
