package dev.sluice.general;

import dev.sluice.artifact.ArtifactReader;
import dev.sluice.config.Topology;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.BinHead;
import dev.sluice.head.Head;
import dev.sluice.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The shipped model, for whatever number a topology predicts.
 *
 * <p>It sees the number in the key's own scale, range and day, and the time of day and week:
 * nothing in it knows a unit, so that any number will do.
 */
public final class GeneralModel {

  private static final String SHIPPED = "/dev/sluice/general/general.safetensors";

  private GeneralModel() {}

  /** Returns the model as it was trained: of a field {@code value}. */
  public static Model shipped() {
    try (InputStream in = GeneralModel.class.getResourceAsStream(SHIPPED)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + SHIPPED);
      }
      return ArtifactReader.read(in.readAllBytes(), "the general model");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the model under the name and for the number of a topology.
   *
   * @param version to give it
   * @return empty where the topology predicts something that it cannot
   */
  public static Optional<Model> of(Topology topology, int version) {
    return topology.generalField().map(field -> of(topology.modelId(), field, version));
  }

  private static Model of(String id, String field, int version) {
    Model shipped = shipped();
    List<Feature> features =
        shipped.features().features().stream().map(feature -> renamed(feature, field)).toList();
    List<Head> heads = shipped.heads().stream().map(head -> renamed(head, field)).toList();
    return new Model(
        id,
        version,
        new FeatureSpec(features),
        shipped.cell(),
        heads,
        shipped.calibration(),
        shipped.lineage());
  }

  private static Feature renamed(Feature feature, String field) {
    return feature instanceof Feature.Number number
        ? new Feature.Number(field, number.scaling(), number.optional())
        : feature;
  }

  private static Head renamed(Head head, String field) {
    return head instanceof BinHead bins
        ? new BinHead(field, bins.view(), bins.linear(), bins.bins())
        : head;
  }
}
