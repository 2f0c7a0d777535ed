package dev.sluice.app;

import dev.sluice.artifact.TrustedKeys;
import dev.sluice.artifact.VerifyingKey;
import dev.sluice.config.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whose models a topology trusts. */
final class Trust {

  private Trust() {}

  /**
   * Returns the keys of {@code weights.keys}; empty if whoever may write to the weights topic is
   * trusted.
   *
   * @throws dev.sluice.artifact.ArtifactException if one is no point of the curve
   */
  static Optional<TrustedKeys> of(Topology file) {
    List<String> texts = file.weights().keys();
    if (texts.isEmpty()) {
      return Optional.empty();
    }
    List<VerifyingKey> keys = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      keys.add(VerifyingKey.parse(texts.get(i), "weights.keys[" + i + "]"));
    }
    return Optional.of(TrustedKeys.of(keys));
  }
}
