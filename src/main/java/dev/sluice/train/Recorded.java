package dev.sluice.train;

import java.util.List;

/**
 * A history, and how it was come by.
 *
 * @param history the events that can be learned from
 * @param source the file, or the topic with its offsets; goes into the model's lineage
 * @param rejected how many events were refused, and left out
 * @param complaints where and why, of the first {@value #MAX_COMPLAINTS} of them
 */
public record Recorded(History history, String source, long rejected, List<String> complaints) {

  /** Most complaints that are kept. */
  public static final int MAX_COMPLAINTS = 10;

  /** Copies the complaints. */
  public Recorded {
    complaints = List.copyOf(complaints);
  }
}
