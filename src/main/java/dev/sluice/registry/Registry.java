package dev.sluice.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a reader knows about one model into {@link Models}: loads what is new, keeps what is
 * loaded, refuses what is no use, each once. For one thread, except {@link #models()}.
 */
final class Registry<M> {

  private final FollowerSettings settings;
  private final ModelLoader<M> loader;
  private final Consumer<Outcome> outcomes;
  private final Map<Integer, Loaded<M>> loaded = new HashMap<>();
  private final Map<Integer, Refusal> refused = new HashMap<>();
  private @Nullable String refusedTimeline;
  private volatile Models<M> models = Models.none();
  private long lastSequence;

  Registry(FollowerSettings settings, ModelLoader<M> loader, Consumer<Outcome> outcomes) {
    this.settings = settings;
    this.loader = loader;
    this.outcomes = outcomes;
  }

  /** Returns what is in force now; safe from any thread. */
  Models<M> models() {
    return models;
  }

  /**
   * Brings the models up to date. Who hears that a model is in force finds it in {@link #models()}.
   *
   * @throws WeightsUnreachableException if an artifact could not be read to its end
   */
  void update(WeightsReader reader) {
    Catalog catalog = reader.catalog(settings.id());
    Timeline timeline = catalog.timeline();
    if (!usable(catalog, timeline)) {
      return;
    }
    Map<Integer, M> found = load(reader, catalog, timeline);
    Models<M> updated = Models.of(timeline, found);
    Models<M> before = models;
    // All refused: better an old model than none.
    if (!updated.isEmpty() && !same(updated, before)) {
      models = updated;
      lastSequence = timeline.lastSequence();
      loaded.keySet().retainAll(timeline.versions());
      report(timeline, updated, before);
    }
  }

  /** Returns why there is no model, for somebody who waits for one. */
  String whyNone(WeightsReader reader) {
    Timeline timeline = reader.catalog(settings.id()).timeline();
    Refusal newest =
        timeline.entries().isEmpty() ? null : refused.get(timeline.entries().getLast().version());
    if (newest != null) {
      return newest.reason;
    }
    if (refusedTimeline != null) {
      return refusedTimeline;
    }
    return "weights topic "
        + settings.topic()
        + " holds no model '"
        + settings.id()
        + "'. Publish one: sluice models publish";
  }

  private boolean usable(Catalog catalog, Timeline timeline) {
    String problem = catalog.timelineProblem().orElse(null);
    if (problem == null && timeline.lastSequence() < lastSequence) {
      problem =
          "timeline of "
              + settings.id()
              + ": goes back from sequence "
              + lastSequence
              + " to "
              + timeline.lastSequence()
              + ". Only appending is expected; restart this process if the topic was made anew";
    }
    if (problem != null && !problem.equals(refusedTimeline)) {
      outcomes.accept(new Outcome.TimelineRefused(settings.id(), problem));
    }
    refusedTimeline = problem;
    return problem == null;
  }

  /** Newest first, so that a budget that does not suffice for all is spent on those in force. */
  private Map<Integer, M> load(WeightsReader reader, Catalog catalog, Timeline timeline) {
    Map<Integer, M> found = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    long budget = settings.maxLoadedBytes();
    for (Timeline.Entry entry : timeline.entries().reversed()) {
      int version = entry.version();
      if (seen.add(version)) {
        Loaded<M> usable = usable(reader, catalog, version, budget);
        if (usable != null) {
          found.put(version, usable.model);
          budget -= usable.bytes;
        }
      }
    }
    return found;
  }

  private @Nullable Loaded<M> usable(
      WeightsReader reader, Catalog catalog, int version, long budget) {
    Shelf shelf = catalog.shelves().get(version);
    Manifest manifest = shelf == null ? null : shelf.manifest();
    Loaded<M> known = loadedWithin(budget, version);
    if (known != null && (manifest == null || known.sha256.equals(manifest.sha256()))) {
      return known; // Even if what it was loaded from is gone or damaged now.
    }
    long place = shelf == null ? -1 : shelf.manifestOffset();
    Refusal refusal = refused.get(version);
    boolean tooMuch = manifest != null && isTooMuch(manifest, budget);
    if (refusal != null && refusal.isAbout(place, tooMuch)) {
      return known; // Said once; published anew, its manifest is somewhere else.
    }
    try {
      Loaded<M> fresh = load(reader, version, manifest, budget);
      loaded.put(version, fresh);
      return fresh;
    } catch (WeightsException e) {
      String reason = String.valueOf(e.getMessage());
      refused.put(version, new Refusal(place, tooMuch, reason));
      outcomes.accept(new Outcome.Refused(settings.id(), version, reason));
      return known;
    }
  }

  /** A newer version may have taken the room of one that was loaded before. */
  private @Nullable Loaded<M> loadedWithin(long budget, int version) {
    Loaded<M> known = loaded.get(version);
    if (known != null && known.bytes > budget) {
      loaded.remove(version);
      return null;
    }
    return known;
  }

  private Loaded<M> load(
      WeightsReader reader, int version, @Nullable Manifest manifest, long budget) {
    long start = System.nanoTime();
    if (manifest == null) {
      throw new WeightsException(reader.whyNoManifest(settings.id(), version));
    }
    requireProof(manifest);
    requireBudget(manifest, budget);
    byte[] artifact = reader.artifact(settings.id(), version, settings.maxArtifactBytes());
    M model = model(manifest, artifact);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    outcomes.accept(new Outcome.Loaded(settings.id(), version, artifact.length, took));
    return new Loaded<>(manifest.sha256(), artifact.length, model);
  }

  private M model(Manifest manifest, byte[] artifact) {
    try {
      return loader.load(manifest, artifact);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WeightsException("Interrupted while loading version " + manifest.version(), e);
    } catch (Exception | LinkageError | OutOfMemoryError | StackOverflowError e) {
      // Hostile bytes must not end the thread that would load the next, good ones.
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new WeightsException(
          settings.id() + " version " + manifest.version() + " cannot be loaded: " + why, e);
    }
  }

  /** Before a byte of it is read: what nobody vouches for is not worth the memory. */
  private void requireProof(Manifest manifest) {
    if (settings.trusted().isPresent()) {
      manifest.requireSignedBy(settings.trusted().get());
    }
  }

  private void requireBudget(Manifest manifest, long budget) {
    if (isTooMuch(manifest, budget)) {
      throw new WeightsException(
          settings.id()
              + " version "
              + manifest.version()
              + ": its "
              + manifest.size()
              + " bytes and those of newer versions exceed "
              + settings.maxLoadedBytes()
              + ". Drop old versions with: sluice models retain");
    }
  }

  /** Not what is too large by itself: that is the reader's to refuse, with other words. */
  private boolean isTooMuch(Manifest manifest, long budget) {
    return manifest.size() > budget && manifest.size() <= settings.maxArtifactBytes();
  }

  /** Whether nothing changed; a model is compared by identity, its own equality may be slow. */
  @SuppressWarnings("ReferenceEquality")
  private static <M> boolean same(Models<M> left, Models<M> right) {
    if (left.entries().size() != right.entries().size()) {
      return false;
    }
    for (int i = 0; i < left.entries().size(); i++) {
      Models.Entry<M> a = left.entries().get(i);
      Models.Entry<M> b = right.entries().get(i);
      if (a.sequence() != b.sequence()
          || a.validFromMillis() != b.validFromMillis()
          || a.share() != b.share()
          || a.model() != b.model()) {
        return false;
      }
    }
    return true;
  }

  private void report(Timeline timeline, Models<M> now, Models<M> before) {
    Set<Long> known = new HashSet<>();
    before.entries().forEach(entry -> known.add(entry.sequence()));
    Set<Long> usable = new HashSet<>();
    now.entries().forEach(entry -> usable.add(entry.sequence()));
    for (Timeline.Entry entry : timeline.entries()) {
      if (usable.contains(entry.sequence()) && !known.contains(entry.sequence())) {
        outcomes.accept(
            new Outcome.InForce(
                settings.id(),
                entry.version(),
                entry.sequence(),
                entry.validFromMillis(),
                entry.publishedAtMillis(),
                entry.what()));
      }
    }
  }

  /**
   * A version that is no use.
   *
   * @param place the offset of its manifest, negative if it has none
   * @param tooMuch whether it did not fit beside newer versions; it may once they are fewer
   */
  private record Refusal(long place, boolean tooMuch, String reason) {

    boolean isAbout(long otherPlace, boolean otherTooMuch) {
      return place == otherPlace && tooMuch == otherTooMuch;
    }
  }

  private record Loaded<M>(String sha256, long bytes, M model) {}
}
