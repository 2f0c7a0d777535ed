package dev.sluice.registry;

import static dev.sluice.registry.Timeline.IMMEDIATE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sandbox.SandboxBroker;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/**
 * Version 1 is good and in force; then something bad is written as version 2. Every test: the
 * reason is said, version 1 stays in force, and a good version 3 takes over as if nothing had
 * happened.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WeightsRefusalIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final byte[] ARTIFACT = Weights.artifact(2, 1_200_000);
  private static final Manifest MANIFEST = Manifest.of("temps", 2, ARTIFACT, 0);

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
    try (var publisher = publisher()) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
    }
  }

  @AfterEach
  void theFollowerLivedOn() {
    assertThat(observed.all(Outcome.Unreachable.class)).isEmpty();
  }

  @Test
  void aChunkWithOneOtherBit() throws Exception {
    byte[] other = ARTIFACT.clone();
    other[700_000] ^= 4;
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.putWeights(MANIFEST, other);
      putTimelineWithVersion2(raw);
    }
    assertRefused(
        "temps version 2: the SHA-256 of its 1200000 bytes is "
            + Manifest.sha256(other)
            + ". "
            + MANIFEST.sha256()
            + ", as in its manifest, is expected");
  }

  @Test
  void aMissingChunk() throws Exception {
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.putWeights(MANIFEST, ARTIFACT);
      raw.put(new WeightsKey.Chunk("temps", 2, 1), null);
      putTimelineWithVersion2(raw);
    }
    assertRefused(
        "temps version 2: chunk 1 is missing. Chunks 0 to 2 are expected; publish the version"
            + " again");
  }

  @Test
  void aChunkCutShort() throws Exception {
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.putWeights(MANIFEST, ARTIFACT);
      byte[] first = Arrays.copyOf(ARTIFACT, WeightsTopic.CHUNK_BYTES - 1);
      raw.put(new WeightsKey.Chunk("temps", 2, 0), first);
      putTimelineWithVersion2(raw);
    }
    assertRefused("temps version 2: chunk 0 has 524287 bytes. 524288 are expected");
  }

  @Test
  void aTruncatedManifest() throws Exception {
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.putWeights(MANIFEST, ARTIFACT);
      byte[] cut = Arrays.copyOf(MANIFEST.toBytes(), 60);
      raw.put(new WeightsKey.Label("temps", 2), cut);
      putTimelineWithVersion2(raw);
    }
    assertRefused("manifest of temps version 2: not readable as JSON: ");
  }

  @Test
  void noManifest() throws Exception {
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      putTimelineWithVersion2(raw);
    }
    assertRefused("temps version 2: there is no manifest on topic noManifest");
  }

  @Test
  void aManifestThatClaimsMoreThanMemoryHolds() throws Exception {
    String claims =
        new String(MANIFEST.toBytes(), UTF_8)
            .replace("1200000", "1000000000000")
            .replace("\"chunks\":3", "\"chunks\":1907349");
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.put(new WeightsKey.Label("temps", 2), claims.getBytes(UTF_8));
      putTimelineWithVersion2(raw);
    }
    assertRefused(
        "manifest of temps version 2: size is 1000000000000. A whole number from 1 to 1073741824");
  }

  @Test
  void aManifestThatClaimsMoreThanTheFollowerTakes() throws Exception {
    var claims =
        new Manifest("temps", 2, 1 << 30, 2048, 512 << 10, MANIFEST.sha256(), 0, Optional.empty());
    try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
      raw.put(new WeightsKey.Label("temps", 2), claims.toBytes());
      // Beyond every limit: ignored, not remembered.
      raw.put("temps/2/999999999", new byte[1]);
      raw.put("temps/2/not-a-number", new byte[1]);
      raw.put("nonsense", new byte[1]);
      putTimelineWithVersion2(raw);
    }
    assertRefused("temps version 2: 1073741824 bytes are too many. At most 268435456 are expected");
  }

  @Test
  void aModelThatDoesNotFit() throws Exception {
    byte[] misfit = ARTIFACT.clone();
    misfit[0] = Weights.MISFIT;
    try (var publisher = publisher()) {
      publisher.publish(misfit, 2, IMMEDIATE);
    }
    assertRefused("temps version 2 cannot be loaded: wants 3 features, this topology makes 2");
  }

  @Test
  void aTimelineThatIsNoTimeline() throws Exception {
    try (var follower = follower(settings())) {
      follower.awaitBootstrap(PATIENCE);
      try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
        raw.put(new WeightsKey.History("temps"), "{\"format\":1,\"id\":\"te".getBytes(UTF_8));
      }
      var refused = observed.await(Outcome.TimelineRefused.class, outcome -> true);
      assertThat(refused.reason()).startsWith("timeline of temps: not readable as JSON: ");
      assertThat(follower.models().newest().version()).isEqualTo(1);
    }
    try (var publisher = publisher()) {
      assertThatThrownBy(() -> publisher.publish(ARTIFACT, 2, IMMEDIATE))
          .isInstanceOf(WeightsException.class)
          .hasMessageStartingWith("timeline of temps: not readable as JSON: ");
    }
  }

  @Test
  void aTimelineThatGoesBack() throws Exception {
    try (var publisher = publisher()) {
      publisher.publish(ARTIFACT, 2, IMMEDIATE);
    }
    try (var follower = follower(settings())) {
      follower.awaitBootstrap(PATIENCE);
      try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
        Timeline one = Timeline.empty("temps").plus(1, IMMEDIATE, 0, Timeline.What.PUBLISH);
        raw.put(new WeightsKey.History("temps"), one.toBytes());
      }
      var refused = observed.await(Outcome.TimelineRefused.class, outcome -> true);
      assertThat(refused.reason())
          .isEqualTo(
              "timeline of temps: goes back from sequence 2 to 1. Only appending is expected;"
                  + " restart this process if the topic was made anew");
      assertThat(follower.models().newest().version()).isEqualTo(2);
    }
  }

  @Test
  void olderVersionsBeyondTheBudgetAsLongAsThereIsNoRoom() throws Exception {
    try (var publisher = publisher()) {
      publisher.publish(ARTIFACT, 2, IMMEDIATE);
    }
    try (var follower = follower(settings().withLimits(1_200_000, 1_200_999))) {
      follower.awaitBootstrap(PATIENCE);
      assertThat(follower.models().entries()).hasSize(1);
      assertThat(follower.models().newest().version()).isEqualTo(2);
      assertThat(observed.awaitRefused(1).reason())
          .isEqualTo(
              "temps version 1: its 1000 bytes and those of newer versions exceed 1200999. Drop old"
                  + " versions with: sluice models retain");
      try (var publisher = publisher()) {
        // 1 000 bytes more than there is room for beside version 2, which has to go.
        publisher.publish(Weights.artifact(3, 1_000), 3, IMMEDIATE);
        observed.awaitInForce(3);
        observed.awaitRefused(2);
        // Versions 1 and 3 fit together, now that version 2 is not between them.
        assertThat(follower.models().entries())
            .extracting(Models.Entry::version)
            .containsExactly(1, 3);
      }
    }
  }

  @Test
  void aDamagedVersionIsRestoredByPublishingItAgain() throws Exception {
    try (var publisher = publisher()) {
      publisher.publish(ARTIFACT, 2, IMMEDIATE);
      try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
        raw.put(new WeightsKey.Chunk("temps", 2, 1), null);
      }
      try (var follower = follower(settings())) {
        observed.awaitRefused(2);
        assertThat(publisher.publish(ARTIFACT, 2, IMMEDIATE))
            .isInstanceOf(Publication.Restored.class);
        observed.awaitInForce(2);
        assertThat(follower.models().newest().model().bytes()).isEqualTo(ARTIFACT);
      }
    }
  }

  private void assertRefused(String reason) throws InterruptedException {
    try (var follower = follower(settings())) {
      assertThat(follower.awaitBootstrap(PATIENCE)).isInstanceOf(Bootstrap.Ready.class);
      assertThat(observed.awaitRefused(2).reason()).startsWith(reason);
      assertThat(follower.models().entries()).hasSize(1);
      assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(1);
      try (var publisher = publisher()) {
        publisher.publish(Weights.artifact(3, 1_000), 3, IMMEDIATE);
      }
      observed.awaitInForce(3);
      assertThat(follower.models().inForce(0, 0, new byte[0]).version()).isEqualTo(3);
      assertThat(observed.all(Outcome.Refused.class)).as("said once").hasSize(1);
    }
  }

  private void putTimelineWithVersion2(RawWriter raw) {
    Timeline timeline =
        Timeline.empty("temps")
            .plus(1, IMMEDIATE, 0, Timeline.What.PUBLISH)
            .plus(2, IMMEDIATE, 0, Timeline.What.PUBLISH);
    raw.put(new WeightsKey.History("temps"), timeline.toBytes());
    raw.flush();
  }

  private FollowerSettings settings() {
    return FollowerSettings.of(kafka, topic, "temps");
  }

  private WeightsPublisher publisher() {
    return WeightsPublisher.open(PublisherSettings.of(kafka, topic, "temps"), Clock.systemUTC());
  }

  private WeightsFollower<Weights> follower(FollowerSettings settings) {
    return WeightsFollower.start(settings, Weights::load, observed);
  }
}
