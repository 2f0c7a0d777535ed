package dev.sluice.cell;

import dev.sluice.kernel.Floats;
import java.util.ArrayList;
import java.util.List;

/** The values of parameters at some moment, such as the best epoch so far. */
public final class Snapshot {

  private final List<Parameter> parameters;
  private final List<Floats> values = new ArrayList<>();

  /** Allocates room for the values of {@code parameters}, and takes them. */
  public Snapshot(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
    for (Parameter parameter : parameters) {
      values.add(Floats.allocate(parameter.value().size()));
    }
    take();
  }

  /** Remembers the present values in place of those remembered before. */
  public void take() {
    for (int i = 0; i < values.size(); i++) {
      Floats.copy(parameters.get(i).value(), 0, values.get(i), 0, values.get(i).size());
    }
  }

  /**
   * Moves what is remembered towards the present values: called after every step, this remembers
   * their moving average.
   *
   * @param share of the way, 0 to 1
   */
  public void blend(float share) {
    for (int i = 0; i < values.size(); i++) {
      Floats present = parameters.get(i).value();
      Floats kept = values.get(i);
      for (long k = 0; k < kept.size(); k++) {
        kept.set(k, Math.fma(share, present.get(k) - kept.get(k), kept.get(k)));
      }
    }
  }

  /** Gives the parameters the values remembered last. */
  public void restore() {
    for (int i = 0; i < values.size(); i++) {
      Floats.copy(values.get(i), 0, parameters.get(i).value(), 0, values.get(i).size());
    }
  }
}
