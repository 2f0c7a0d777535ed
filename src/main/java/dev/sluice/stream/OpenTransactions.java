package dev.sluice.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Aborts the transactions that instances left open when they were killed.
 *
 * <p>An instance that comes back aborts its own. One whose keys were taken over by another does
 * not, and until the broker does, after {@code transaction.timeout.ms} and up to 10 s more, nobody
 * can read what the new owner writes behind it; the new owner itself waits, for it reads the
 * changelog to its end. So whoever gets partitions looks for open transactions of this application
 * whose process is no longer a member of the group.
 *
 * <p>Nothing can be lost by it: the results of a process that is out of the group are refused by
 * the broker anyway, and one that is fenced by mistake begins its tasks anew at the last commit.
 */
public final class OpenTransactions {

  private static final Logger LOG = LoggerFactory.getLogger(OpenTransactions.class);
  private static final TimeUnit MILLIS = TimeUnit.MILLISECONDS;
  private static final long PATIENCE_MILLIS = 5_000;
  private static final int LOOKS = 5;
  private static final long PAUSE_MILLIS = 1_000;

  private final Properties properties;
  private final String application;
  private final boolean streamsProtocol;
  private final AtomicInteger looks = new AtomicInteger();

  /**
   * Prepares for the instances of one application.
   *
   * @param properties of the stream, complete
   */
  public OpenTransactions(Properties properties) {
    this.properties = properties;
    this.application = properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    this.streamsProtocol =
        "streams".equalsIgnoreCase(properties.getProperty(StreamsConfig.GROUP_PROTOCOL_CONFIG));
  }

  /**
   * Returns whether it can work: there are transactions, and members are told by the process id
   * that Kafka Streams puts into their client ids unless the user chose these.
   */
  public boolean isPossible() {
    return StreamsConfig.EXACTLY_ONCE_V2.equals(
            properties.getProperty(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
        && !properties.containsKey(StreamsConfig.CLIENT_ID_CONFIG);
  }

  /**
   * Aborts what was left open, on a thread of its own, and looks again a few times: the group may
   * not have missed the one that was killed yet. What the broker does not allow or answer is left
   * to time.
   *
   * @param delay before the first look; long enough that this instance is a member itself
   */
  public void abortSoon(Duration delay) {
    if (looks.getAndSet(LOOKS) == 0) {
      Thread.ofVirtual().name("sluice-open-transactions").start(() -> abort(delay));
    }
  }

  private void abort(Duration delay) {
    try (Admin admin = Broker.admin(properties)) {
      Thread.sleep(delay);
      do {
        abort(admin);
        Thread.sleep(PAUSE_MILLIS);
      } while (looks.decrementAndGet() > 0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (Broker.RefusedException e) {
      looks.set(0);
      LOG.atDebug().setCause(e).log("Open transactions are left to their timeout");
    }
  }

  private void abort(Admin admin) throws InterruptedException {
    try {
      Set<String> open = open(admin);
      Set<String> dead = open.isEmpty() ? open : orphans(open, members(admin));
      for (String transaction : dead) {
        admin.fenceProducers(List.of(transaction)).all().get(PATIENCE_MILLIS, MILLIS);
        LOG.atInfo()
            .addKeyValue("transactionalId", transaction)
            .log("Aborted what a killed instance left open");
      }
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      LOG.atDebug().setCause(e).log("Open transactions cannot be looked at, or aborted");
    }
  }

  private Set<String> open(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    var options = new ListTransactionsOptions().filterStates(Set.of(TransactionState.ONGOING));
    Collection<TransactionListing> listings =
        admin.listTransactions(options).all().get(PATIENCE_MILLIS, MILLIS);
    Set<String> open = new HashSet<>();
    for (TransactionListing listing : listings) {
      if (listing.transactionalId().startsWith(application + "-")) {
        open.add(listing.transactionalId());
      }
    }
    return open;
  }

  /** Returns the client ids of the members of the group. */
  private Set<String> members(Admin admin)
      throws InterruptedException, ExecutionException, TimeoutException {
    Set<String> clients = new HashSet<>();
    List<String> group = List.of(application);
    if (streamsProtocol) {
      Objects.requireNonNull(
              admin
                  .describeStreamsGroups(group)
                  .all()
                  .get(PATIENCE_MILLIS, MILLIS)
                  .get(application))
          .members()
          .forEach(member -> clients.add(member.clientId()));
    } else {
      Objects.requireNonNull(
              admin
                  .describeConsumerGroups(group)
                  .all()
                  .get(PATIENCE_MILLIS, MILLIS)
                  .get(application))
          .members()
          .forEach(member -> clients.add(member.clientId()));
    }
    return clients;
  }

  /**
   * Returns the transactional ids, {@code application-process-thread}, none of whose process's
   * clients, {@code application-process-StreamThread-1-consumer}, is a member. None if no member is
   * named like that: then nobody can tell.
   */
  Set<String> orphans(Set<String> transactions, Set<String> clients) {
    Set<String> orphans = new HashSet<>();
    if (clients.stream().noneMatch(client -> client.startsWith(application + "-"))) {
      return orphans;
    }
    for (String transaction : transactions) {
      int end = transaction.lastIndexOf('-');
      String process = end <= application.length() ? "" : transaction.substring(0, end + 1);
      if (isProcess(process) && clients.stream().noneMatch(client -> client.startsWith(process))) {
        orphans.add(transaction);
      }
    }
    return orphans;
  }

  /** Another application whose name begins with ours must not be taken for one of our processes. */
  private boolean isProcess(String prefix) {
    return prefix.length() > application.length()
        && prefix
            .substring(application.length())
            .toLowerCase(Locale.ROOT)
            .matches("-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-");
  }
}
