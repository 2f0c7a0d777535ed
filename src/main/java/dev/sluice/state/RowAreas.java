package dev.sluice.state;

import java.util.ArrayList;
import java.util.List;

/** The rows of one task, an area for each layout. */
final class RowAreas {

  private final MemoryBudget.Share share;
  private final List<RowArea> areas = new ArrayList<>();

  RowAreas(MemoryBudget.Share share) {
    this.share = share;
  }

  RowArea get(int index) {
    return areas.get(index);
  }

  /** Returns the index of the area of rows of {@code layout}, which is made if there is none. */
  int indexOf(RowLayout layout) {
    for (int i = 0; i < areas.size(); i++) {
      if (areas.get(i).layout().equals(layout)) {
        return i;
      }
    }
    areas.add(new RowArea(layout, share));
    return areas.size() - 1;
  }

  /** Returns, about, the bytes of the rows in use. */
  long bytes() {
    long bytes = 0;
    for (RowArea area : areas) {
      bytes += area.rows() * area.rowBytes();
    }
    return bytes;
  }
}
