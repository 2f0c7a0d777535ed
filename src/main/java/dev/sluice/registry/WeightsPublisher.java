package dev.sluice.registry;

import dev.sluice.artifact.ModelSignature;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the weights of one model on the topic, and says from when on they are in force.
 *
 * <p>Each order is one transaction: whoever reads the topic sees all of it or nothing, and sees it
 * once the order has returned. At most one publisher per model is at work: opening a second one
 * takes over from the first, whose next order fails. Every order first reads what is there, so two
 * publishers can never both append to the same timeline. For one thread.
 */
public final class WeightsPublisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WeightsPublisher.class);

  private final PublisherSettings settings;
  private final InstantSource clock;
  private final Admin admin;
  private final WeightsReader reader;
  private final Transactions transactions;
  private final Orders orders;

  private WeightsPublisher(
      PublisherSettings settings,
      InstantSource clock,
      Admin admin,
      WeightsReader reader,
      Transactions transactions) {
    this.settings = settings;
    this.clock = clock;
    this.admin = admin;
    this.reader = reader;
    this.transactions = transactions;
    this.orders = new Orders(settings.id(), transactions);
  }

  /**
   * Opens the topic, creating it if it is missing, and takes over from any other publisher of this
   * model.
   *
   * @param clock says when a publication happens
   * @throws WeightsException if the topic is not fit to carry weights
   * @throws WeightsUnreachableException if no broker answers
   */
  public static WeightsPublisher open(PublisherSettings settings, InstantSource clock) {
    var timeout = settings.timeout();
    var admin = Admin.create(ClientProperties.admin(settings.kafka(), timeout));
    Transactions transactions = null;
    try {
      WeightsTopic.ensure(admin, settings.topic(), settings.replication(), timeout);
      transactions = Transactions.open(settings);
      var reader =
          WeightsReader.open(settings.kafka(), settings.topic(), settings.id()::equals, timeout);
      return new WeightsPublisher(settings, clock, admin, reader, transactions);
    } catch (RuntimeException e) {
      if (transactions != null) {
        transactions.close();
      }
      admin.close();
      throw e;
    }
  }

  /** Returns what was published so far. */
  public Timeline timeline() {
    catchUp();
    return reader.timeline(settings.id());
  }

  /** Returns the smallest version above all that were ever published. */
  public int nextVersion() {
    catchUp();
    return versionAfterAll();
  }

  /** Returns the event time, epoch milliseconds, from which a model published now should count. */
  public long shortly() {
    return clock.millis() + settings.lead().toMillis();
  }

  /** Publishes weights without a signature; else as the other {@code publish}. */
  public Publication publish(byte[] artifact, int version, long validFromMillis) {
    return publish(artifact, version, validFromMillis, Optional.empty());
  }

  /**
   * Publishes weights and puts them in force from {@code validFromMillis} on; while a version is
   * pinned, they are stored and wait. Giving the same order again changes nothing, so an order
   * whose answer was lost can be repeated; giving it with another signature replaces the signature,
   * and nothing else.
   *
   * @param artifact the model as bytes
   * @param version from 1; need not follow the last
   * @param validFromMillis epoch milliseconds of event time, {@link #shortly()}, or {@link
   *     Timeline#IMMEDIATE}
   * @param signature of the claim that {@code artifact} is this version of this model
   * @throws WeightsException if the version was published with other weights, the artifact is empty
   *     or too large, or those who follow would not trust it
   * @throws WeightsUnreachableException if the brokers did not confirm it
   */
  public Publication publish(
      byte[] artifact, int version, long validFromMillis, Optional<ModelSignature> signature) {
    return publish(
        artifact,
        version,
        signature,
        timeline -> timeline.plus(version, validFromMillis, clock.millis(), Timeline.What.PUBLISH));
  }

  /**
   * Publishes weights and puts them in force for a share of the keys, as {@link #publish} does for
   * all of them.
   *
   * @param share of the keys, in (0, 1), at least that of a canary that is in force
   * @throws WeightsException also if the share is another, or no version was published before
   */
  public Publication publishCanary(
      byte[] artifact,
      int version,
      double share,
      long validFromMillis,
      Optional<ModelSignature> signature) {
    requireUnpinned(timeline(), version);
    return publish(
        artifact,
        version,
        signature,
        timeline -> timeline.plusCanary(version, share, validFromMillis, clock.millis()));
  }

  private Publication publish(
      byte[] artifact,
      int version,
      Optional<ModelSignature> signature,
      UnaryOperator<Timeline> plus) {
    WeightsTopic.requireArtifact(settings.id(), version, artifact);
    Timeline timeline = timeline();
    Manifest manifest =
        Manifest.of(settings.id(), version, artifact, clock.millis()).withSignature(signature);
    requireTrusted(manifest);
    Manifest known = reader.manifests(settings.id()).get(version);
    if (known != null && !known.sha256().equals(manifest.sha256())) {
      throw new WeightsException(
          "version "
              + version
              + " of "
              + settings.id()
              + " is already published with other weights (sha "
              + known.sha256()
              + "). Give another with --as "
              + versionAfterAll());
    }
    if (known != null && timeline.needed().contains(version)) {
      return repeated(timeline, known, manifest, artifact);
    }
    Optional<Pin> held = timeline.pin().map(pin -> pin.holding(version));
    Timeline longer = held.isPresent() ? timeline.with(held) : plus.apply(timeline);
    order(
        "publishing version " + version,
        () -> {
          orders.weights(manifest, artifact);
          orders.timeline(longer);
        });
    return held.isPresent()
        ? new Publication.Held(manifest, held.get())
        : new Publication.Published(longer.entries().getLast(), manifest);
  }

  /**
   * Puts a version that was published before in force again, as the newest.
   *
   * @throws WeightsException if its weights are not on the topic any more, a version is pinned, or
   *     those who follow would not trust it
   */
  public Publication promote(int version, long validFromMillis) {
    return append(
        version,
        timeline -> timeline.plus(version, validFromMillis, clock.millis(), Timeline.What.PUBLISH));
  }

  /**
   * Puts a version that was published before in force for a share of the keys.
   *
   * @param share of the keys, in (0, 1), at least that of a canary that is in force
   * @throws WeightsException if its weights are not on the topic any more, or the share is another
   */
  public Publication canary(int version, double share, long validFromMillis) {
    return append(
        version, timeline -> timeline.plusCanary(version, share, validFromMillis, clock.millis()));
  }

  /**
   * Goes back to a version that was published before.
   *
   * @throws WeightsException if its weights are not on the topic any more, a version is pinned, or
   *     those who follow would not trust it
   */
  public Publication rollback(int toVersion, long validFromMillis) {
    return append(
        toVersion,
        timeline ->
            timeline.plus(toVersion, validFromMillis, clock.millis(), Timeline.What.ROLLBACK));
  }

  /**
   * Pins a version: it is put in force from {@code validFromMillis} on, unless it is the newest
   * already, and stays so whatever is published, until {@link #unpin}.
   *
   * @throws WeightsException if its weights are not on the topic any more
   */
  public Publication pin(int version, long validFromMillis) {
    Timeline timeline = timeline();
    requireWeights(version);
    Timeline pinned = Pin.set(timeline, version, validFromMillis, clock.millis());
    order("pinning version " + version, () -> orders.timeline(pinned));
    return new Publication.Pinned(pinned.pin().orElseThrow(), added(timeline, pinned));
  }

  /**
   * Takes the pin away.
   *
   * @param validFromMillis from when on the newest of the versions that waited is in force; empty
   *     to leave them where they are
   * @throws WeightsException if nothing is pinned
   */
  public Publication unpin(OptionalLong validFromMillis) {
    Timeline timeline = timeline();
    Pin pin =
        timeline
            .pin()
            .orElseThrow(
                () -> new WeightsException("no version of " + settings.id() + " is pinned"));
    Timeline free = timeline.with(Optional.empty());
    Timeline next =
        pin.held().isEmpty() || validFromMillis.isEmpty()
            ? free
            : free.plus(
                requireWeights(pin.held().getLast()).version(),
                validFromMillis.getAsLong(),
                clock.millis(),
                Timeline.What.PUBLISH);
    order("unpinning version " + pin.version(), () -> orders.timeline(next));
    return new Publication.Unpinned(pin, added(timeline, next));
  }

  /**
   * Removes the weights of versions that are neither in force, nor to come, nor among the {@code
   * oldVersions} that were in force before. Events older than what is kept are from then on scored
   * with the oldest version kept.
   */
  public Publication.Retention retain(int oldVersions) {
    if (oldVersions < 0) {
      throw new WeightsException("retain: " + oldVersions + " old versions. Give 0 or more");
    }
    Timeline timeline = timeline();
    Timeline shorter = timeline.newest(oldVersions, clock.millis());
    Set<Integer> kept = shorter.needed();
    SortedMap<Integer, Shelf> removed = new TreeMap<>(reader.catalog(settings.id()).shelves());
    removed.entrySet().removeIf(e -> kept.contains(e.getKey()) || e.getValue().present() == 0);
    if (!removed.isEmpty() || !shorter.equals(timeline)) {
      order(
          "removing old versions",
          () -> {
            removed.forEach(orders::removal);
            orders.timeline(shorter);
          });
    }
    return new Publication.Retention(
        kept.stream().sorted().toList(), List.copyOf(removed.keySet()));
  }

  @Override
  public void close() {
    reader.close();
    transactions.close();
    admin.close(settings.timeout());
  }

  private Publication append(int version, UnaryOperator<Timeline> plus) {
    Timeline timeline = timeline();
    requireUnpinned(timeline, version);
    Manifest manifest = requireWeights(version);
    Timeline longer = plus.apply(timeline);
    order("putting version " + version + " in force", () -> orders.timeline(longer));
    return new Publication.Published(longer.entries().getLast(), manifest);
  }

  private void requireUnpinned(Timeline timeline, int version) {
    timeline
        .pin()
        .ifPresent(
            pin -> {
              throw new WeightsException(
                  "version "
                      + pin.version()
                      + " of "
                      + settings.id()
                      + " is pinned. Unpin it first, or pin version "
                      + version
                      + " in its place");
            });
  }

  private static Optional<Timeline.Entry> added(Timeline before, Timeline after) {
    return after.lastSequence() > before.lastSequence()
        ? Optional.of(after.entries().getLast())
        : Optional.empty();
  }

  private Manifest requireWeights(int version) {
    Manifest manifest = reader.manifests(settings.id()).get(version);
    if (manifest == null || !reader.isComplete(settings.id(), version)) {
      throw new WeightsException(
          "version "
              + version
              + " of "
              + settings.id()
              + " has no weights on topic "
              + settings.topic()
              + ". Versions "
              + completeVersions()
              + " have; or publish its artifact again");
    }
    requireTrusted(manifest);
    return manifest;
  }

  /**
   * A commit is confirmed before it is carried out. Who gets an answer from this publisher and then
   * starts a stream must find the model, so the answer waits until it can be seen.
   */
  private void order(String what, Runnable sends) {
    transactions.run(what, sends);
    try {
      catchUp();
    } catch (WeightsUnreachableException e) {
      LOG.atWarn()
          .addKeyValue("order", what)
          .addKeyValue("reason", e.getMessage())
          .log("Committed for good, but not to be seen yet");
    }
  }

  /** Version and checksum are known and in the timeline; but are the bytes still there? */
  private Publication repeated(Timeline timeline, Manifest known, Manifest given, byte[] artifact) {
    // Whoever repeats an order without a signature does not mean to take the one it has away.
    boolean signs = given.signature().isPresent() && !given.signature().equals(known.signature());
    Manifest wanted = signs ? known.withSignature(given.signature()) : known;
    try {
      reader.artifact(settings.id(), known.version(), known.size());
    } catch (WeightsException damaged) {
      order(
          "restoring version " + known.version(),
          () -> {
            orders.weights(wanted, artifact);
            orders.timeline(timeline); // Followers look again when it passes.
          });
      return new Publication.Restored(wanted);
    }
    if (!signs) {
      return new Publication.Unchanged(known);
    }
    order("signing version " + known.version(), () -> orders.manifest(wanted));
    return new Publication.Signed(wanted);
  }

  private void requireTrusted(Manifest manifest) {
    settings.trusted().ifPresent(manifest::requireSignedBy);
  }

  /** Reads past the open transactions of other models, behind which ours may be hidden. */
  private void catchUp() {
    reader.readTo(WeightsTopic.highWatermark(admin, settings.topic(), settings.timeout()));
  }

  private int versionAfterAll() {
    var versions = reader.catalog(settings.id()).shelves().keySet().stream();
    return versions.mapToInt(Integer::intValue).max().orElse(0) + 1;
  }

  private List<Integer> completeVersions() {
    return reader.manifests(settings.id()).keySet().stream()
        .filter(version -> reader.isComplete(settings.id(), version))
        .toList();
  }
}
