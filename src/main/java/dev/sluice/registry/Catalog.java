package dev.sluice.registry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reader of the weights topic knows about one model. */
final class Catalog {

  /** More versions than this and the one that appeared first is forgotten. */
  static final int MAX_VERSIONS = 1024;

  private final String id;
  private final Map<Integer, Shelf> shelves = new LinkedHashMap<>();
  private Timeline timeline;
  private @Nullable String timelineProblem;

  Catalog(String id) {
    this.id = id;
    this.timeline = Timeline.empty(id);
  }

  /** Takes note of one record; a null value is a removal. */
  void apply(WeightsKey key, byte @Nullable [] value, long offset) {
    switch (key) {
      case WeightsKey.Chunk chunk -> applyChunk(chunk, value, offset);
      case WeightsKey.Label label -> applyManifest(label, value, offset);
      case WeightsKey.History history -> applyTimeline(value);
    }
  }

  /** Returns the versions there is anything of, in the order of their first appearance. */
  Map<Integer, Shelf> shelves() {
    return Collections.unmodifiableMap(shelves);
  }

  /** Returns the last readable timeline; empty before the first publication. */
  Timeline timeline() {
    return timeline;
  }

  /** Returns why the newest timeline record is no use; empty if it is readable. */
  Optional<String> timelineProblem() {
    return Optional.ofNullable(timelineProblem);
  }

  private void applyChunk(WeightsKey.Chunk chunk, byte @Nullable [] value, long offset) {
    if (chunk.index() >= WeightsTopic.MAX_CHUNKS) {
      return; // No manifest can ask for it.
    }
    Shelf shelf = shelf(chunk.version());
    if (value == null) {
      shelf.removeChunk(chunk.index());
    } else {
      shelf.putChunk(chunk.index(), offset);
    }
  }

  private void applyManifest(WeightsKey.Label label, byte @Nullable [] value, long offset) {
    Shelf shelf = shelf(label.version());
    if (value == null) {
      shelf.removeManifest();
      return;
    }
    try {
      shelf.putManifest(Manifest.parse(id, label.version(), value), offset);
    } catch (WeightsException e) {
      shelf.putProblem(String.valueOf(e.getMessage()), offset);
    }
  }

  private void applyTimeline(byte @Nullable [] value) {
    try {
      timeline = value == null ? Timeline.empty(id) : Timeline.parse(id, value);
      timelineProblem = null;
    } catch (WeightsException e) {
      timelineProblem = e.getMessage();
    }
  }

  private Shelf shelf(int version) {
    Shelf known = shelves.get(version);
    if (known != null) {
      return known;
    }
    if (shelves.size() >= MAX_VERSIONS) {
      shelves.remove(shelves.keySet().iterator().next());
    }
    var shelf = new Shelf();
    shelves.put(version, shelf);
    return shelf;
  }
}
