package dev.sluice.train;

import java.util.List;
import java.util.Optional;

/**
 * A message and what is to be said of it.
 *
 * @param label of the message; without one, nothing is learned of its label
 * @param tags one for each token, or none: then nothing is learned of its tags
 */
public record LabelledMessage(List<String> tokens, Optional<String> label, List<String> tags) {

  /** Checks that the tags fit the tokens. */
  public LabelledMessage {
    tokens = List.copyOf(tokens);
    tags = List.copyOf(tags);
    if (!tags.isEmpty() && tags.size() != tokens.size()) {
      throw new IllegalArgumentException(
          tags.size() + " tags for " + tokens.size() + " tokens. Give one for each, or none");
    }
  }
}
