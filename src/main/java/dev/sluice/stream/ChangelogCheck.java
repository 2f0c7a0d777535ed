package dev.sluice.stream;

import dev.sluice.config.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Whether a changelog that is there can hold the memories. One that deletes would lose those of
 * keys that are idle, and nobody would notice; one with another number of partitions has them in
 * the wrong places.
 */
public final class ChangelogCheck {

  /** What Kafka Streams puts behind the application's name. */
  static final String SUFFIX = "-" + ScoringTopology.MEMORY + "-changelog";

  private static final String POLICY = "cleanup.policy";
  private static final String COMPACT = "compact";

  private final Admin admin;
  private final Topics topics;
  private final String bootstrap;

  /**
   * Prepares to look.
   *
   * @param bootstrap the address, for messages
   */
  public ChangelogCheck(Admin admin, Topics topics, String bootstrap) {
    this.admin = admin;
    this.topics = topics;
    this.bootstrap = bootstrap;
  }

  /** Returns the topic's name; Kafka Streams chooses it. */
  static String name(String application) {
    return application + SUFFIX;
  }

  /**
   * Looks, and touches nothing.
   *
   * @param complete the properties of the stream
   * @throws Topics.UnfitException saying what was found, what is wanted, and how to mend it
   */
  public void require(Topology file, Properties complete)
      throws Topics.UnfitException, InterruptedException {
    String application = complete.getProperty(StreamsConfig.APPLICATION_ID_CONFIG);
    String changelog = name(application);
    Optional<Integer> present = topics.partitions(changelog);
    Optional<Integer> input = topics.partitions(file.input().topic());
    if (present.isEmpty() || input.isEmpty()) {
      return;
    }
    requirePolicy(changelog);
    if (!present.get().equals(input.get())) {
      throw new Topics.UnfitException(
          "Topic "
              + changelog
              + " has "
              + present.get()
              + " partitions, and the input topic "
              + file.input().topic()
              + " has "
              + input.get()
              + "; they must be as many, or keys would not find their memories. Score a topic that"
              + " still has "
              + present.get()
              + ", or begin anew, with all memories lost: stop every instance, then"
              + " kafka-streams-application-reset.sh --bootstrap-server "
              + bootstrap
              + " --application-id "
              + application
              + " --input-topics "
              + file.input().topic());
    }
  }

  private void requirePolicy(String changelog) throws Topics.UnfitException, InterruptedException {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
    ConfigEntry policy;
    try {
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      policy = config == null ? null : config.get(POLICY);
    } catch (ExecutionException e) {
      throw Topics.failed("read the settings of topic " + changelog, e);
    }
    if (policy != null && !COMPACT.equals(policy.value())) {
      throw new Topics.UnfitException(
          "Topic "
              + changelog
              + " has "
              + POLICY
              + "="
              + policy.value()
              + ", which deletes the memories of keys that are idle; it must be "
              + COMPACT
              + ". Mend it before more is lost: kafka-configs.sh --bootstrap-server "
              + bootstrap
              + " --alter --entity-type topics --entity-name "
              + changelog
              + " --add-config "
              + POLICY
              + "="
              + COMPACT);
    }
  }
}
