package dev.sluice.registry;

import static dev.sluice.registry.Timeline.IMMEDIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.sluice.sandbox.SandboxBroker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** Publisher and follower with Kafka's own broker between them. A topic per test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WeightsOnABrokerIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long NOON = 1_763_899_200_000L;

  private final SandboxBroker sandbox = SandboxBroker.start();
  private final Map<String, String> kafka = Map.of("bootstrap.servers", sandbox.bootstrap());
  private String topic = "";

  @AfterAll
  void stopBroker() {
    sandbox.close();
  }

  @BeforeEach
  void nameTopic(TestInfo test) {
    topic = test.getTestMethod().orElseThrow().getName();
  }

  @Test
  void whatIsPublishedBeforeTheStartIsThereWhenTheBarrierOpens() throws Exception {
    byte[] artifact = Weights.artifact(1, 3 * WeightsTopic.CHUNK_BYTES + 5);
    try (var publisher = publisher()) {
      assertThat(publisher.nextVersion()).isEqualTo(1);
      publisher.publish(artifact, 1, IMMEDIATE);
      assertThat(publisher.nextVersion()).isEqualTo(2);
    }
    try (var follower = follower(new Observed())) {
      Models<Weights> models = ready(follower);
      assertThat(models.entries()).hasSize(1);
      assertThat(models.newest().model().bytes()).isEqualTo(artifact);
      assertThat(models.newest().model().version()).isEqualTo(1);
    }
  }

  @Test
  void aNewVersionTakesOverAtItsTimeWithoutDisturbingTheOldSnapshot() throws Exception {
    var observed = new Observed();
    try (var publisher = publisher()) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      try (var follower = follower(observed)) {
        Models<Weights> before = ready(follower);
        assertThat(publisher.shortly()).isEqualTo(NOON + 10_000);
        publisher.publish(Weights.artifact(2, 2_000), 2, publisher.shortly());

        assertThat(observed.awaitInForce(2).publishedAtMillis()).isEqualTo(NOON);
        Models<Weights> after = follower.models();
        assertThat(after.inForce(NOON + 9_999, 0, new byte[0]).version()).isEqualTo(1);
        assertThat(after.inForce(NOON + 10_000, 0, new byte[0]).version()).isEqualTo(2);
        assertThat(before.entries()).hasSize(1);
        assertThat(after.inForce(0, 0, new byte[0]).model()).isSameAs(before.newest().model());
      }
    }
  }

  @Test
  void aRollbackPutsTheOldWeightsInForceAsANewEntry() throws Exception {
    var observed = new Observed();
    try (var publisher = publisher();
        var follower = follower(observed)) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      publisher.publish(Weights.artifact(2, 1_000), 2, IMMEDIATE);
      publisher.rollback(1, IMMEDIATE);
      assertThat(observed.awaitInForce(3).what()).isEqualTo(Timeline.What.ROLLBACK);
      assertThat(follower.models().inForce(NOON, 2, new byte[0]).version()).isEqualTo(1);
      publisher.promote(2, IMMEDIATE);
      assertThat(observed.awaitInForce(4).version()).isEqualTo(2);
      assertThat(observed.all(Outcome.Loaded.class)).hasSize(2);
      assertThatThrownBy(() -> publisher.rollback(9, IMMEDIATE))
          .isInstanceOf(WeightsException.class)
          .hasMessage(
              "version 9 of temps has no weights on topic "
                  + topic
                  + ". Versions [1, 2] have; or publish its artifact again");
    }
  }

  @Test
  void anOrderGivenTwiceChangesNothingAndOtherWeightsNeedAnotherVersion() {
    byte[] artifact = Weights.artifact(1, 1_000);
    try (var publisher = publisher()) {
      Publication first = publisher.publish(artifact, 3, IMMEDIATE);
      assertThat(first)
          .asInstanceOf(type(Publication.Published.class))
          .satisfies(p -> assertThat(p.entry().sequence()).isEqualTo(1));
      assertThat(publisher.publish(artifact, 3, IMMEDIATE))
          .isInstanceOf(Publication.Unchanged.class);
      assertThat(publisher.timeline().entries()).hasSize(1);
      assertThatThrownBy(() -> publisher.publish(Weights.artifact(2, 1_000), 3, IMMEDIATE))
          .isInstanceOf(WeightsException.class)
          .hasMessage(
              "version 3 of temps is already published with other weights (sha "
                  + Manifest.sha256(artifact)
                  + "). Give another with --as 4");
    }
  }

  @Test
  void aSecondPublisherTakesOverFromTheFirst() {
    try (var first = publisher()) {
      first.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      try (var second = publisher()) {
        assertThatThrownBy(() -> first.publish(Weights.artifact(2, 1_000), 2, IMMEDIATE))
            .isInstanceOf(WeightsException.class)
            .hasMessage(
                "publishing version 2: another publisher of temps has taken over; nothing was"
                    + " written. See what it did, and try again");
        second.publish(Weights.artifact(3, 1_000), 2, IMMEDIATE);
        assertThat(second.timeline().versions()).containsExactlyInAnyOrder(1, 2);
      }
    }
  }

  @Test
  void retentionRemovesTheWeightsOfOldVersionsButNotTheirNumbers() throws Exception {
    var observed = new Observed();
    try (var publisher = publisher();
        var follower = follower(observed)) {
      for (int version = 1; version <= 4; version++) {
        publisher.publish(Weights.artifact(version, 600_000), version, IMMEDIATE);
      }
      observed.awaitInForce(4);
      assertThat(publisher.retain(1))
          .isEqualTo(new Publication.Retention(List.of(3, 4), List.of(1, 2)));
      assertThat(publisher.retain(1))
          .isEqualTo(new Publication.Retention(List.of(3, 4), List.of()));
      assertThat(publisher.timeline().versions()).containsExactlyInAnyOrder(3, 4);
      assertThatThrownBy(() -> publisher.rollback(2, IMMEDIATE))
          .hasMessageContaining("Versions [3, 4] have");
      assertThatThrownBy(() -> publisher.publish(Weights.artifact(9, 9), 2, IMMEDIATE))
          .hasMessageContaining("already published with other weights");
      // The same weights again are welcome, and a new entry.
      publisher.publish(Weights.artifact(2, 600_000), 2, IMMEDIATE);
      assertThat(observed.awaitInForce(5).version()).isEqualTo(2);
      assertThat(follower.models().entries()).hasSize(3);
    }
    try (var reader = WeightsReader.open(kafka, topic, id -> true, PATIENCE)) {
      reader.refresh();
      assertThat(reader.ids()).containsExactly("temps");
      assertThat(reader.manifests("temps").keySet()).containsExactly(1, 2, 3, 4);
      assertThat(reader.isComplete("temps", 1)).isFalse();
      assertThat(reader.isComplete("temps", 2)).isTrue();
    }
  }

  @Test
  void anAbortedPublicationIsNeverSeen() throws Exception {
    var observed = new Observed();
    try (var publisher = publisher()) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      Timeline longer = publisher.timeline().plus(2, IMMEDIATE, 0, Timeline.What.PUBLISH);
      try (var raw = RawWriter.transactional(sandbox.bootstrap(), topic, "aborting")) {
        byte[] artifact = Weights.artifact(2, 600_000);
        raw.begin();
        raw.putWeights(Manifest.of("temps", 2, artifact, 0), artifact);
        raw.put(new WeightsKey.History("temps"), longer.toBytes());
        raw.flush();
        try (var follower = follower(observed)) {
          assertThat(ready(follower).newest().version()).isEqualTo(1);
          raw.abort();
          publisher.publish(Weights.artifact(3, 1_000), 3, IMMEDIATE);
          observed.awaitInForce(2);
          assertThat(follower.models().newest().version()).isEqualTo(3);
        }
      }
    }
    assertThat(observed.all(Outcome.Refused.class)).isEmpty();
    assertThat(observed.all(Outcome.InForce.class))
        .extracting(Outcome.InForce::version)
        .containsExactly(1, 3);
  }

  @Test
  void whatAPublisherLeftUnfinishedIsUndoneByTheNext() throws Exception {
    byte[] half = Weights.artifact(1, 600_000);
    byte[] whole = Weights.artifact(2, 600_000);
    try (var publisher = publisher()) {
      assertThat(publisher.nextVersion()).isEqualTo(1);
    }
    // Never committed nor aborted, as if its process had been killed.
    try (var killed =
        RawWriter.transactional(sandbox.bootstrap(), topic, "sluice-publisher-temps")) {
      killed.begin();
      killed.putWeights(Manifest.of("temps", 1, half, 0), half);
      killed.flush();
      var observed = new Observed();
      try (var publisher = publisher();
          var follower = follower(observed)) {
        publisher.publish(whole, 1, IMMEDIATE);
        observed.awaitInForce(1);
        assertThat(follower.models().newest().model().bytes()).isEqualTo(whole);
        assertThat(observed.all(Outcome.Refused.class)).isEmpty();
      }
    }
  }

  @Test
  void afterCompactionWhatIsLeftIsStillWhole() throws Exception {
    createCompactingTopic();
    byte[] kept = Weights.artifact(4, 1_500_000);
    try (var publisher = publisher()) {
      for (int version = 1; version <= 3; version++) {
        publisher.publish(Weights.artifact(version, 1_500_000), version, IMMEDIATE);
      }
      publisher.publish(kept, 4, IMMEDIATE);
      publisher.retain(0);
      // Only segments that are no longer written to are compacted: fill up the last one.
      try (var raw = new RawWriter(sandbox.bootstrap(), topic)) {
        for (int i = 0; i < 4; i++) {
          raw.put("filler", new byte[500_000]);
        }
      }
      awaitSizeBelow(5_000_000);
      assertThat(publisher.nextVersion()).isEqualTo(5);
    }
    try (var follower = follower(new Observed())) {
      assertThat(ready(follower).newest().model().bytes()).isEqualTo(kept);
      assertThat(follower.models().entries()).hasSize(1);
    }
  }

  @Test
  void aPublisherSeesWhatHidesBehindTheOpenTransactionOfAnotherModel() throws Exception {
    try (var publisher = publisher();
        var raw = RawWriter.transactional(sandbox.bootstrap(), topic, "slow")) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      raw.begin();
      raw.put("other/1/0", new byte[] {1});
      raw.flush();
      // Committed, but behind an open transaction: readers of committed records stop before it.
      var transactions = Thread.ofVirtual().start(() -> commitLater(raw));
      publisher.publish(Weights.artifact(2, 1_000), 2, IMMEDIATE);
      publisher.publish(Weights.artifact(3, 1_000), 3, IMMEDIATE);
      transactions.join();
      assertThat(publisher.timeline().entries())
          .extracting(Timeline.Entry::version)
          .containsExactly(1, 2, 3);
    }
  }

  @Test
  void severalModelsShareATopic() throws Exception {
    try (var temps = publisher();
        var loads = WeightsPublisher.open(PublisherSettings.of(kafka, topic, "loads"), clock())) {
      temps.publish(Weights.artifact(1, 700_000), 1, IMMEDIATE);
      loads.publish(Weights.artifact(2, 700_000), 1, IMMEDIATE);
      temps.publish(Weights.artifact(3, 700_000), 2, IMMEDIATE);
    }
    try (var follower = follower(new Observed())) {
      assertThat(ready(follower).newest().model().bytes()).isEqualTo(Weights.artifact(3, 700_000));
    }
  }

  @Test
  void withoutAPublicationTheBarrierSaysSo() throws Exception {
    try (var publisher = publisher();
        var follower = follower(new Observed())) {
      assertThat(publisher.timeline().entries()).isEmpty();
      assertThat(follower.awaitBootstrap(PATIENCE))
          .isEqualTo(
              new Bootstrap.NoModel<Weights>(
                  "weights topic "
                      + topic
                      + " holds no model 'temps'. Publish one: sluice models publish"));
    }
  }

  @Test
  void withoutATopicTheBarrierSaysSoAndOpensOnceThereIsOne() throws Exception {
    var observed = new Observed();
    try (var follower = follower(observed)) {
      observed.await(Outcome.Unreachable.class, outcome -> true);
      assertThat(follower.awaitBootstrap(Duration.ofMillis(1)))
          .isEqualTo(
              new Bootstrap.NotReached<Weights>(
                  "weights topic "
                      + topic
                      + " does not exist on "
                      + sandbox.bootstrap()
                      + ". Publish a model to create it: sluice models publish"));
      try (var publisher = publisher()) {
        publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
        observed.awaitInForce(1);
      }
    }
  }

  @Test
  void aTopicThatWouldLoseWeightsIsRefused() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrap()))) {
      var deleting = new NewTopic(topic, 1, (short) 1);
      var wide = new NewTopic(topic + "2", 2, (short) 1);
      admin.createTopics(List.of(deleting, wide)).all().get();
    }
    assertThatThrownBy(this::publisher)
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "weights topic "
                + topic
                + ": cleanup.policy is delete, which deletes models by age. Set it to compact");
    topic = topic + "2";
    assertThatThrownBy(this::publisher)
        .hasMessage(
            "weights topic "
                + topic
                + ": 2 partitions have no common order. Give a topic with exactly 1");
  }

  private void createCompactingTopic() throws Exception {
    var eager =
        new NewTopic(topic, 1, (short) 1)
            .configs(
                Map.of(
                    "cleanup.policy", "compact",
                    "segment.bytes", "1048576",
                    "min.cleanable.dirty.ratio", "0.001",
                    "delete.retention.ms", "0"));
    try (var admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrap()))) {
      admin.createTopics(List.of(eager)).all().get();
    }
  }

  private void awaitSizeBelow(long bytes) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    var partition = new TopicPartition(topic, 0);
    try (var admin = Admin.create(Map.of("bootstrap.servers", sandbox.bootstrap()))) {
      long size = Long.MAX_VALUE;
      while (size >= bytes) {
        assertThat(System.nanoTime()).as("size %d is still too large", size).isLessThan(deadline);
        Thread.sleep(200);
        size =
            admin.describeLogDirs(List.of(1)).allDescriptions().get().get(1).values().stream()
                .filter(folder -> folder.replicaInfos().containsKey(partition))
                .mapToLong(folder -> folder.replicaInfos().get(partition).size())
                .sum();
      }
    }
  }

  private static void commitLater(RawWriter raw) {
    try {
      Thread.sleep(1_500);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    raw.commit();
  }

  private WeightsPublisher publisher() {
    return WeightsPublisher.open(PublisherSettings.of(kafka, topic, "temps"), clock());
  }

  private WeightsFollower<Weights> follower(Observed observed) {
    return WeightsFollower.start(
        FollowerSettings.of(kafka, topic, "temps"), Weights::load, observed);
  }

  private static Models<Weights> ready(WeightsFollower<Weights> follower)
      throws InterruptedException {
    Bootstrap<Weights> bootstrap = follower.awaitBootstrap(PATIENCE);
    assertThat(bootstrap).isInstanceOf(Bootstrap.Ready.class);
    return ((Bootstrap.Ready<Weights>) bootstrap).models();
  }

  private static Clock clock() {
    return Clock.fixed(Instant.ofEpochMilli(NOON), ZoneOffset.UTC);
  }
}
