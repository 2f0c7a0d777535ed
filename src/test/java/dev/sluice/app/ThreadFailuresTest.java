package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.junit.jupiter.api.Test;

final class ThreadFailuresTest {

  private final ThreadFailures failures = new ThreadFailures();

  /** Both were seen when one of three brokers was killed in the middle of a transaction. */
  @Test
  void whatABrokerThatDiesLeavesBehindPasses() {
    var partition = new TopicPartition("readings", 0);
    assertThat(failures.mayGoOn(new InvalidTxnStateException("x"), 0)).isTrue();
    assertThat(failures.mayGoOn(new NoOffsetForPartitionException(partition), 0)).isTrue();
    assertThat(failures.mayGoOn(new TimeoutException("x"), 0)).isTrue();
  }

  @Test
  void whatWouldComeAgainDoesNot() {
    assertThat(failures.mayGoOn(new TopicAuthorizationException("x"), 0)).isFalse();
    assertThat(failures.mayGoOn(new ConfigException("x"), 0)).isFalse();
    assertThat(failures.mayGoOn(new MissingSourceTopicException("x"), 0)).isFalse();
    assertThat(failures.mayGoOn(new IllegalStateException("ours"), 0)).isFalse();
  }

  @Test
  void tooManyInTooShortATimeDoNotPass() {
    for (int i = 0; i < ThreadFailures.MOST; i++) {
      assertThat(failures.mayGoOn(new TimeoutException("x"), i)).isTrue();
    }
    assertThat(failures.mayGoOn(new TimeoutException("x"), 99)).isFalse();
    long later = 100 + ThreadFailures.WINDOW.toNanos();
    assertThat(failures.mayGoOn(new TimeoutException("x"), later)).isTrue();
  }
}
