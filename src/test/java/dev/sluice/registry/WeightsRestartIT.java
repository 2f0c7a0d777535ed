package dev.sluice.registry;

import static dev.sluice.registry.Timeline.IMMEDIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brokers that go away and come back, and artifacts of a real size. */
final class WeightsRestartIT {

  private static final Logger LOG = LoggerFactory.getLogger(WeightsRestartIT.class);

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TOPIC = "sluice-weights";

  @Test
  void withoutABrokerTheBarrierSaysSoAndNothingThrows() throws Exception {
    var observed = new Observed();
    var nowhere = Map.of("bootstrap.servers", "127.0.0.1:1");
    var settings = FollowerSettings.of(nowhere, TOPIC, "temps").withTimeout(Duration.ofMillis(700));
    try (var follower = WeightsFollower.start(settings, Weights::load, observed)) {
      String reason = observed.await(Outcome.Unreachable.class, outcome -> true).reason();
      assertThat(reason)
          .isEqualTo(
              "weights topic sluice-weights: no broker answers at 127.0.0.1:1 within 700 ms. Check"
                  + " kafka.bootstrap.servers and the network");
      assertThat(follower.awaitBootstrap(Duration.ofMillis(1)))
          .isEqualTo(new Bootstrap.NotReached<Weights>(reason));
      assertThat(follower.models().isEmpty()).isTrue();
    }
    var publisher =
        new PublisherSettings(
            nowhere, TOPIC, "temps", 0, Duration.ZERO, Duration.ofMillis(700), Optional.empty());
    assertThatThrownBy(() -> WeightsPublisher.open(publisher, Clock.systemUTC()))
        .isInstanceOf(WeightsUnreachableException.class)
        .hasMessageStartingWith("weights topic sluice-weights: ");
  }

  @Test
  void aFollowerOutlivesItsBrokerAndGoesOnWhenItIsBack(@TempDir Path folder) throws Exception {
    var observed = new Observed();
    var first = SandboxBroker.start(SandboxSettings.alone().withFolder(folder));
    String bootstrap = first.bootstrap();
    publish(bootstrap, 1, Weights.artifact(1, 1_000_000));
    var settings =
        FollowerSettings.of(Map.of("bootstrap.servers", bootstrap), TOPIC, "temps")
            .withTimeout(Duration.ofSeconds(2));
    try (var follower = WeightsFollower.start(settings, Weights::load, observed)) {
      follower.awaitBootstrap(PATIENCE);
      Weights loaded = follower.models().newest().model();

      first.close();
      observed.await(Outcome.Unreachable.class, outcome -> true);
      assertThat(follower.models().newest().model()).isSameAs(loaded);

      int port = Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
      var again = SandboxSettings.alone().withFolder(folder).withPort(port);
      try (var second = SandboxBroker.start(again)) {
        publish(second.bootstrap(), 2, Weights.artifact(2, 1_000_000));
        observed.awaitInForce(2);
        assertThat(follower.models().entries().getFirst().model())
            .as("not loaded again")
            .isSameAs(loaded);
      }
    }
  }

  @Test
  void anArtifactOf24MegabytesArrivesWholeAndSoon() throws Exception {
    byte[] artifact = Weights.artifact(1, 24_000_000);
    byte[] next = Weights.artifact(2, 24_000_000);
    var observed = new Observed();
    try (var sandbox = SandboxBroker.start()) {
      var kafka = Map.of("bootstrap.servers", sandbox.bootstrap());
      long published = millis(() -> publish(sandbox.bootstrap(), 1, artifact));
      var settings = FollowerSettings.of(kafka, TOPIC, "temps");
      long start = System.nanoTime();
      try (var follower = WeightsFollower.start(settings, Weights::load, observed);
          var publisher =
              WeightsPublisher.open(
                  PublisherSettings.of(kafka, TOPIC, "temps"), Clock.systemUTC())) {
        follower.awaitBootstrap(PATIENCE);
        long bootstrap = (System.nanoTime() - start) / 1_000_000;
        assertThat(follower.models().newest().model().bytes()).isEqualTo(artifact);
        long order = millis(() -> publisher.publish(next, 2, IMMEDIATE));
        long swap = millis(() -> observed.awaitInForce(2));
        assertThat(follower.models().newest().model().bytes()).isEqualTo(next);
        LOG.atInfo()
            .addKeyValue("openAndPublishMillis", published)
            .addKeyValue("bootstrapMillis", bootstrap)
            .addKeyValue("publishMillis", order)
            .addKeyValue("commitToInForceMillis", swap)
            .addKeyValue("loaded", observed.all(Outcome.Loaded.class))
            .log("24 MB artifact");
      }
    }
  }

  private static void publish(String bootstrap, int version, byte[] artifact) {
    var settings = PublisherSettings.of(Map.of("bootstrap.servers", bootstrap), TOPIC, "temps");
    try (var publisher = WeightsPublisher.open(settings, Clock.systemUTC())) {
      publisher.publish(artifact, version, IMMEDIATE);
    }
  }

  private static long millis(Action action) throws Exception {
    long start = System.nanoTime();
    action.run();
    return (System.nanoTime() - start) / 1_000_000;
  }

  @FunctionalInterface
  private interface Action {
    void run() throws Exception;
  }
}
