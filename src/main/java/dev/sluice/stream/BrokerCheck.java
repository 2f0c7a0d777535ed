package dev.sluice.stream;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the brokers can do what the stream will ask of them; asked before anything is done. */
public final class BrokerCheck {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerCheck.class);
  private static final String FEATURE = "streams.version";
  private static final String PROTOCOLS = "group.coordinator.rebalance.protocols";
  private static final String LONGEST_TRANSACTION = "transaction.max.timeout.ms";
  private static final String SESSION = "streams.session.timeout.ms";
  private static final String HEARTBEAT = "streams.heartbeat.interval.ms";

  private final Admin admin;
  private final String bootstrap;

  /**
   * Prepares to ask.
   *
   * @param admin how to ask
   * @param bootstrap the address, for messages
   */
  public BrokerCheck(Admin admin, String bootstrap) {
    this.admin = admin;
    this.bootstrap = bootstrap;
  }

  /**
   * Asks. What the brokers do not let us know is taken to be well.
   *
   * @param complete the properties of the stream
   * @throws Broker.RefusedException saying what a broker cannot do, and how to mend it
   */
  public void require(Properties complete) throws Broker.RefusedException, InterruptedException {
    Config broker = broker();
    boolean transactional =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            complete.getProperty(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    if (transactional) {
      requireTransactions(broker, StreamProperties.transactionMillis(complete));
    }
    if (StreamProperties.isStreamsProtocol(complete)) {
      requireProtocol(broker);
      shortenSession(complete.getProperty(StreamsConfig.APPLICATION_ID_CONFIG));
    }
  }

  private void requireTransactions(Config broker, long wanted) throws Broker.RefusedException {
    ConfigEntry longest = broker.get(LONGEST_TRANSACTION);
    if (longest != null && longest.value() != null && Long.parseLong(longest.value()) < wanted) {
      throw new Broker.RefusedException(
          "The brokers at "
              + bootstrap
              + " allow transactions of "
              + longest.value()
              + " ms ("
              + LONGEST_TRANSACTION
              + "), and transaction.timeout.ms is "
              + wanted
              + ", unless set three times delivery.commitInterval. Shorten that, or allow longer"
              + " ones on the brokers");
    }
  }

  private void requireProtocol(Config broker) throws Broker.RefusedException, InterruptedException {
    ConfigEntry protocols = broker.get(PROTOCOLS);
    boolean off =
        protocols != null
            && protocols.value() != null
            && !List.of(protocols.value().toLowerCase(java.util.Locale.ROOT).split("\\s*,\\s*"))
                .contains("streams");
    if (off) {
      throw new Broker.RefusedException(
          "kafka: group.protocol is streams, and the brokers at "
              + bootstrap
              + " do not offer it: their "
              + PROTOCOLS
              + " is "
              + protocols.value()
              + ". Write group.protocol: classic, or add streams there");
    }
    if (level() == 0) {
      throw new Broker.RefusedException(
          "kafka: group.protocol is streams, and the brokers at "
              + bootstrap
              + " do not offer it: their feature "
              + FEATURE
              + " is not on. Write group.protocol: classic, or, with brokers of Kafka 4.2 or newer:"
              + " kafka-features.sh --bootstrap-server "
              + bootstrap
              + " upgrade --feature "
              + FEATURE
              + "=1");
    }
  }

  /** Returns the level of the feature; 1 where the brokers do not say. */
  private short level() throws InterruptedException {
    try {
      FinalizedVersionRange range =
          admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(FEATURE);
      return range == null ? 0 : range.maxVersionLevel();
    } catch (ExecutionException e) {
      LOG.atDebug().setCause(e).log("The brokers do not tell their features");
      return 1;
    }
  }

  private Config broker() throws InterruptedException {
    try {
      Collection<org.apache.kafka.common.Node> nodes = admin.describeCluster().nodes().get();
      String id = Integer.toString(nodes.iterator().next().id());
      var resource = new ConfigResource(ConfigResource.Type.BROKER, id);
      return settings(resource);
    } catch (ExecutionException e) {
      LOG.atDebug().setCause(e).log("The brokers do not tell their settings");
      return new Config(List.of());
    }
  }

  private Config settings(ConfigResource of) throws InterruptedException, ExecutionException {
    Config found = admin.describeConfigs(List.of(of)).all().get().get(of);
    return found == null ? new Config(List.of()) : found;
  }

  /** Has a member that was killed be missed early, unless somebody chose when. */
  private void shortenSession(String group) throws InterruptedException {
    var resource = new ConfigResource(ConfigResource.Type.GROUP, group);
    try {
      Config now = settings(resource);
      if (isChosen(now, SESSION) || isChosen(now, HEARTBEAT)) {
        return;
      }
      List<AlterConfigOp> set =
          List.of(
              set(SESSION, StreamProperties.SESSION_MILLIS),
              set(HEARTBEAT, StreamProperties.HEARTBEAT_MILLIS));
      admin.incrementalAlterConfigs(Map.of(resource, set)).all().get();
    } catch (ExecutionException e) {
      String why = e.getCause() instanceof ApiException api ? api.getMessage() : e.toString();
      LOG.atInfo()
          .addKeyValue("group", group)
          .addKeyValue("reason", why)
          .log("A killed instance is missed only after the brokers' " + SESSION);
    }
  }

  private static boolean isChosen(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG;
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }
}
