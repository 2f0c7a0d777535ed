package dev.sluice.stream;

import dev.sluice.config.Topology;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Whether memories can be recomputed from the input topic, where {@code state.rowsEvery} relies on
 * it. A topic that forgets events sooner than rows are written would lose a part of the memories.
 */
public final class InputCheck {

  /** The input must keep events for so many times as long as a row may be unwritten. */
  private static final int TIMES = 10;

  private static final String POLICY = "cleanup.policy";
  private static final String RETENTION = "retention.ms";
  private static final String BYTES = "retention.bytes";

  private final Admin admin;
  private final Topics topics;
  private final String bootstrap;

  /**
   * Prepares to look.
   *
   * @param bootstrap the address, for messages
   */
  public InputCheck(Admin admin, Topics topics, String bootstrap) {
    this.admin = admin;
    this.topics = topics;
    this.bootstrap = bootstrap;
  }

  /**
   * Looks, and touches nothing.
   *
   * @return what may go wrong one day, and cannot be known
   * @throws Topics.UnfitException saying what was found, what is wanted, and how to mend it
   */
  public Optional<String> require(Topology file)
      throws Topics.UnfitException, InterruptedException {
    Duration every = file.state().rowsEvery();
    String topic = file.input().topic();
    if (every.isZero() || topics.partitions(topic).isEmpty()) {
      return Optional.empty();
    }
    Config config = config(topic);
    String policy = value(config, POLICY);
    if (policy.contains("compact")) {
      throw new Topics.UnfitException(
          found(topic, POLICY, policy)
              + ": compaction takes events away that memories would be recomputed from. Remove"
              + " state.rowsEvery, or "
              + alter(topic, POLICY, "delete"));
    }
    long least = TIMES * every.toMillis();
    String retention = value(config, RETENTION);
    if (!retention.equals("-1") && Long.parseLong(retention) < least) {
      throw new Topics.UnfitException(
          found(topic, RETENTION, retention)
              + ", and state.rowsEvery is "
              + every.toMillis()
              + " ms: events would be gone before memories could be recomputed from them. It must"
              + " be "
              + least
              + " or more, and longer than any outage. Write a shorter state.rowsEvery, or "
              + alter(topic, RETENTION, Long.toString(least)));
    }
    String bytes = value(config, BYTES);
    return bytes.equals("-1")
        ? Optional.empty()
        : Optional.of(
            found(topic, BYTES, bytes)
                + ": where that is less than "
                + least
                + " ms of events, memories cannot be recomputed after an outage");
  }

  private Config config(String topic) throws Topics.UnfitException, InterruptedException {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      return config == null ? new Config(List.of()) : config;
    } catch (ExecutionException e) {
      throw Topics.failed("read the settings of topic " + topic, e);
    }
  }

  /** What the brokers do not tell is taken to be without a limit. */
  private static String value(Config config, String name) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? "-1" : entry.value();
  }

  private static String found(String topic, String name, String value) {
    return "Topic " + topic + " has " + name + "=" + value;
  }

  private String alter(String topic, String name, String value) {
    return "run: kafka-configs.sh --bootstrap-server "
        + bootstrap
        + " --alter --entity-type topics --entity-name "
        + topic
        + " --add-config "
        + name
        + "="
        + value;
  }
}
