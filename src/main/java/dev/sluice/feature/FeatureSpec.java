package dev.sluice.feature;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All inputs of a model, in the order in which they fill the input row.
 *
 * @param features at least one, names unique
 */
public record FeatureSpec(List<Feature> features) {

  /** Checks that names are unique. */
  public FeatureSpec {
    features = List.copyOf(features);
    if (features.isEmpty()) {
      throw new IllegalArgumentException("a model needs at least one feature");
    }
    Set<String> names = new HashSet<>();
    for (Feature feature : features) {
      if (!names.add(feature.name())) {
        throw new IllegalArgumentException("feature " + feature.name() + " stands twice");
      }
    }
  }

  /** Returns I, the number of inputs. */
  public int width() {
    return features.stream().mapToInt(Feature::width).sum();
  }

  /**
   * Returns the feature of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public Feature feature(String name) {
    return features.stream()
        .filter(feature -> feature.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no feature " + name + " in the model"));
  }
}
