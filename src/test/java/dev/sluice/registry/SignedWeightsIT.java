package dev.sluice.registry;

import static dev.sluice.registry.Timeline.IMMEDIATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.artifact.Claim;
import dev.sluice.artifact.ModelSignature;
import dev.sluice.artifact.SigningKey;
import dev.sluice.artifact.TrustedKeys;
import dev.sluice.sandbox.SandboxBroker;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * Version 1 is signed and in force; then somebody who may write to the topic but has no key tries
 * what he can.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignedWeightsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] ARTIFACT = Weights.artifact(2, 600_000);
  private static final SigningKey KEY = SigningKey.generate();
  private static final SigningKey STRANGER = SigningKey.generate();
  private static final Optional<TrustedKeys> TRUSTED =
      Optional.of(TrustedKeys.of(List.of(KEY.verifying())));

  private static final String NO_MATCH =
      "temps version N: its signature by key "
          + KEY.id()
          + " does not match: it was made for other";
  private static final String NOT_SIGNED =
      "temps version N: it is not signed, and only what key " + KEY.id() + " signed is trusted. ";

  private final SandboxBroker sandbox = SandboxBroker.start();
  private final Map<String, String> kafka = Map.of("bootstrap.servers", sandbox.bootstrap());
  private Observed observed = new Observed();
  private String topic = "";

  @AfterAll
  void stopBroker() {
    sandbox.close();
  }

  @BeforeEach
  void publishVersion1(TestInfo test) {
    observed = new Observed();
    topic = test.getTestMethod().orElseThrow().getName();
    try (var publisher = publisher(TRUSTED)) {
      publish(publisher, Weights.artifact(1, 1_000), 1, KEY);
    }
  }

  /** What somebody without a key writes as some version. */
  private enum Forgery {
    UNSIGNED(NOT_SIGNED, (raw, version) -> raw.putWeights(unsigned(version), ARTIFACT)),
    SIGNATURE_OF_ANOTHER_VERSION(
        NO_MATCH, (raw, version) -> putSigned(raw, version, KEY, Claim.of("temps", 1, ARTIFACT))),
    SIGNATURE_OF_ANOTHER_MODEL(
        NO_MATCH,
        (raw, version) -> putSigned(raw, version, KEY, Claim.of("loads", version, ARTIFACT))),
    SIGNATURE_OF_OTHER_WEIGHTS(
        NO_MATCH,
        (raw, version) ->
            putSigned(raw, version, KEY, Claim.of("temps", version, new byte[ARTIFACT.length]))),
    SIGNED_BY_A_STRANGER(
        "temps version N: it is signed by key " + STRANGER.id() + ", and only what key " + KEY.id(),
        (raw, version) -> putSigned(raw, version, STRANGER, unsigned(version).claim())),
    SIGNED_BY_A_STRANGER_WHO_BORROWS_THE_NAME(
        NO_MATCH,
        (raw, version) -> {
          String bytes = STRANGER.sign(unsigned(version).claim()).ed25519();
          var signature = Optional.of(new ModelSignature(KEY.id(), bytes));
          raw.putWeights(unsigned(version).withSignature(signature), ARTIFACT);
        }),
    /** The claim is right, and the weights are not those it is about. */
    A_FLIPPED_BIT_UNDER_A_RIGHT_SIGNATURE(
        "temps version N: the SHA-256 of its 600000 bytes is ",
        (raw, version) -> raw.putWeights(signed(version), flipped())),
    A_FLIPPED_BIT_AND_ITS_CHECKSUM(
        NO_MATCH,
        (raw, version) -> {
          Manifest manifest = Manifest.of("temps", version, flipped(), 0);
          raw.putWeights(manifest.withSignature(signed(version).signature()), flipped());
        }),
    A_TRUNCATED_SIGNATURE(
        "manifest of temps version N: signature: ed25519 has 61 bytes. 64 are expected",
        (raw, version) -> edit(raw, version, "\"ed25519\":\"....", "\"ed25519\":\"")),
    A_SIGNATURE_TAKEN_AWAY(
        NOT_SIGNED,
        (raw, version) -> edit(raw, version, "\"signature\":.*", "\"signature\":null}")),
    ANOTHER_SIZE(NO_MATCH, (raw, version) -> edit(raw, version, "600000", "599999"));

    private final String reason;
    private final ObjIntConsumer<RawWriter> write;

    Forgery(String reason, ObjIntConsumer<RawWriter> write) {
      this.reason = reason;
      this.write = write;
    }

    private static Manifest unsigned(int version) {
      return Manifest.of("temps", version, ARTIFACT, 0);
    }

    private static Manifest signed(int version) {
      Manifest manifest = unsigned(version);
      return manifest.withSignature(Optional.of(KEY.sign(manifest.claim())));
    }

    private static byte[] flipped() {
      byte[] other = ARTIFACT.clone();
      other[555_555] ^= 1;
      return other;
    }

    private static void putSigned(RawWriter raw, int version, SigningKey key, Claim claim) {
      raw.putWeights(unsigned(version).withSignature(Optional.of(key.sign(claim))), ARTIFACT);
    }

    private static void edit(RawWriter raw, int version, String from, String to) {
      raw.putWeights(signed(version), ARTIFACT);
      String text = new String(signed(version).toBytes(), UTF_8);
      String edited = text.replaceFirst(from, to);
      raw.put(new WeightsKey.Label("temps", version), edited.getBytes(UTF_8));
    }
  }

  @Test
  void everyForgeryIsRefusedOnceAndTheModelInForceStays() throws InterruptedException {
    List<Integer> versions = new ArrayList<>(List.of(1));
    try (var follower = follower(TRUSTED);
        var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      assertThat(follower.awaitBootstrap(PATIENCE)).isInstanceOf(Bootstrap.Ready.class);
      for (Forgery forgery : Forgery.values()) {
        int version = versions.size() + 1;
        versions.add(version);
        forgery.write.accept(raw, version);
        putTimeline(raw, versions);

        assertThat(observed.awaitRefused(version).reason())
            .as(forgery.name())
            .startsWith(forgery.reason.replace("N", Integer.toString(version)));
        assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(1);
      }
      try (var publisher = publisher(TRUSTED)) {
        publish(publisher, ARTIFACT, 99, KEY);
      }
      observed.awaitInForce(versions.size() + 1);
      assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(99);
      assertThat(observed.all(Outcome.Refused.class)).hasSameSizeAs(Forgery.values());
      assertThat(observed.all(Outcome.Unreachable.class)).isEmpty();
    }
  }

  @Test
  void withNothingTrustedThereIsNoModelAndTheReasonIsSaid() throws InterruptedException {
    var strangers = Optional.of(TrustedKeys.of(List.of(STRANGER.verifying())));
    try (var follower = follower(strangers)) {
      assertThat(follower.awaitBootstrap(PATIENCE))
          .isEqualTo(
              new Bootstrap.NoModel<Weights>(
                  "temps version 1: it is signed by key "
                      + KEY.id()
                      + ", and only what key "
                      + STRANGER.id()
                      + " signed is trusted. Sign it with a trusted key, or add the public key to"
                      + " weights.keys"));
    }
  }

  /** Both keys are trusted, then version 1 is signed anew, then the old key goes. */
  @Test
  void aKeyIsRotatedWithoutPublishingTheWeightsAgain() throws InterruptedException {
    var young = SigningKey.generate();
    var both = Optional.of(TrustedKeys.of(List.of(KEY.verifying(), young.verifying())));
    var after = Optional.of(TrustedKeys.of(List.of(young.verifying())));
    byte[] artifact = Weights.artifact(1, 1_000);
    try (var follower = follower(after);
        var publisher = publisher(both)) {
      assertThat(follower.awaitBootstrap(PATIENCE)).isInstanceOf(Bootstrap.NoModel.class);

      assertThat(publish(publisher, artifact, 1, KEY)).isInstanceOf(Publication.Unchanged.class);
      assertThat(publish(publisher, artifact, 1, young)).isInstanceOf(Publication.Signed.class);
      assertThat(publish(publisher, artifact, 1, young)).isInstanceOf(Publication.Unchanged.class);

      observed.awaitInForce(1);
      assertThat(follower.models().newest().version()).isEqualTo(1);
      assertThat(publisher.timeline().entries()).hasSize(1);
    }
  }

  @Test
  void aPublisherPutsNothingInForceThatWouldBeRefused() {
    try (var trusting = publisher(Optional.empty())) {
      trusting.publish(ARTIFACT, 2, IMMEDIATE);
    }
    try (var publisher = publisher(TRUSTED)) {
      assertThatThrownBy(() -> publisher.publish(ARTIFACT, 4, IMMEDIATE))
          .isInstanceOf(WeightsException.class)
          .hasMessageStartingWith("temps version 4: it is not signed, and only what key ");
      assertThatThrownBy(() -> publish(publisher, ARTIFACT, 4, STRANGER))
          .hasMessageStartingWith("temps version 4: it is signed by key " + STRANGER.id());
      assertThatThrownBy(() -> publisher.rollback(2, IMMEDIATE))
          .hasMessageStartingWith(NOT_SIGNED.replace("N", "2"));
      assertThatThrownBy(() -> publisher.promote(2, IMMEDIATE))
          .hasMessageStartingWith(NOT_SIGNED.replace("N", "2"));
      assertThat(publisher.timeline().lastSequence()).isEqualTo(2);
      publisher.rollback(1, IMMEDIATE);
      assertThat(publisher.timeline().lastSequence()).isEqualTo(3);
    }
  }

  /** What signatures do not protect, written down so that nobody believes they do. */
  @Test
  void aForgedTimelineCanPutAnOldSignedVersionInForceAgain() throws InterruptedException {
    try (var publisher = publisher(TRUSTED)) {
      publish(publisher, ARTIFACT, 2, KEY);
    }
    try (var follower = follower(TRUSTED)) {
      follower.awaitBootstrap(PATIENCE);
      assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(2);
      try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
        putTimeline(raw, List.of(1, 2, 1));
      }
      observed.awaitInForce(3);
      assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(1);
    }
  }

  private static Publication publish(
      WeightsPublisher publisher, byte[] artifact, int version, SigningKey key) {
    ModelSignature signature = key.sign(Claim.of("temps", version, artifact));
    return publisher.publish(artifact, version, IMMEDIATE, Optional.of(signature));
  }

  private static void putTimeline(RawWriter raw, List<Integer> versions) {
    Timeline timeline = Timeline.empty("temps");
    for (int version : versions) {
      timeline = timeline.plus(version, IMMEDIATE, 0, Timeline.What.PUBLISH);
    }
    raw.put(new WeightsKey.History("temps"), timeline.toBytes());
    raw.flush();
  }

  private WeightsPublisher publisher(Optional<TrustedKeys> trusted) {
    var settings = PublisherSettings.of(kafka, topic, "temps").withTrusted(trusted);
    return WeightsPublisher.open(settings, Clock.systemUTC());
  }

  private WeightsFollower<Weights> follower(Optional<TrustedKeys> trusted) {
    var settings = FollowerSettings.of(kafka, topic, "temps").withTrusted(trusted);
    return WeightsFollower.start(settings, Weights::load, observed);
  }
}
