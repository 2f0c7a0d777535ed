package dev.sluice.registry;

import static dev.sluice.registry.Timeline.IMMEDIATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.sandbox.SandboxBroker;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a publisher does and refuses while a version is pinned, on Kafka's own broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PinIT {

  private final SandboxBroker sandbox = SandboxBroker.start();

  @AfterAll
  void stopBroker() {
    sandbox.close();
  }

  @Test
  void whileAVersionIsPinnedOthersWait() {
    Map<String, String> kafka = Map.of("bootstrap.servers", sandbox.bootstrap());
    PublisherSettings settings = PublisherSettings.of(kafka, "weights", "temps");
    try (var publisher = WeightsPublisher.open(settings, Clock.systemUTC())) {
      publisher.publish(Weights.artifact(1, 1_000), 1, IMMEDIATE);
      publisher.pin(1, IMMEDIATE);
      byte[] second = Weights.artifact(2, 1_000);
      assertThat(publisher.publish(second, 2, IMMEDIATE)).isInstanceOf(Publication.Held.class);
      assertThat(publisher.publish(second, 2, IMMEDIATE)).isInstanceOf(Publication.Unchanged.class);
      publisher.publish(Weights.artifact(3, 1_000), 3, IMMEDIATE);
      assertThat(publisher.timeline().versions()).containsExactly(1);
      assertThat(publisher.nextVersion()).isEqualTo(4);
      assertThatThrownBy(() -> publisher.promote(2, IMMEDIATE))
          .hasMessage(
              "version 1 of temps is pinned. Unpin it first, or pin version 2 in its place");
      assertThat(publisher.retain(0).kept()).containsExactly(1, 2, 3);
      publisher.unpin(OptionalLong.of(0));
      assertThat(publisher.timeline().entries().getLast().version()).isEqualTo(3);
      assertThat(publisher.timeline().pin()).isEmpty();
      assertThatThrownBy(() -> publisher.unpin(OptionalLong.empty()))
          .hasMessage("no version of temps is pinned");
    }
  }
}
