package dev.sluice.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which open transactions belong to nobody any more, by the names that Kafka Streams gives. */
final class OpenTransactionsTest {

  private static final String A = "readings-11111111-2222-3333-4444-aaaaaaaaaaaa";
  private static final String B = "readings-11111111-2222-3333-4444-bbbbbbbbbbbb";

  private final OpenTransactions transactions = new OpenTransactions(properties());

  @Test
  void thoseOfAProcessWithoutMembersAreOrphans() {
    assertThat(transactions.orphans(Set.of(A + "-1", B + "-1"), Set.of(B + "-StreamThread-1-c")))
        .containsExactly(A + "-1");
  }

  @Test
  void thoseOfAMemberAreNot() {
    assertThat(
            transactions.orphans(
                Set.of(A + "-1", A + "-2"), Set.of(A + "-StreamThread-1-c", B + "-c")))
        .isEmpty();
  }

  @Test
  void thoseOfAnApplicationWhoseNameIsLongerAreNotOurs() {
    String other = "readings-cellar-11111111-2222-3333-4444-aaaaaaaaaaaa-1";

    assertThat(transactions.orphans(Set.of(other, "readings-1"), Set.of(B + "-c"))).isEmpty();
  }

  @Test
  void membersWithNamesOfTheirOwnTellNothing() {
    assertThat(transactions.orphans(Set.of(A + "-1"), Set.of("mine-1"))).isEmpty();
    assertThat(transactions.orphans(Set.of(A + "-1"), Set.of())).isEmpty();
  }

  @Test
  void itNeedsTransactionsAndClientIdsOfKafkaStreams() {
    assertThat(transactions.isPossible()).isTrue();
    Properties named = properties();
    named.put("client.id", "mine");
    assertThat(new OpenTransactions(named).isPossible()).isFalse();
    Properties atLeastOnce = properties();
    atLeastOnce.put("processing.guarantee", "at_least_once");
    assertThat(new OpenTransactions(atLeastOnce).isPossible()).isFalse();
  }

  private static Properties properties() {
    Properties properties = new Properties();
    properties.put("application.id", "readings");
    properties.put("processing.guarantee", "exactly_once_v2");
    return properties;
  }
}
