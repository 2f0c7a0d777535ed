package dev.sluice.stream;

import dev.sluice.config.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics of a topology: which it needs, which are there, and the creation of the rest. */
public final class Topics {

  private static final String MAX_MESSAGE = "max.message.bytes";

  private final Admin admin;
  private final Topology file;

  /** Creates a view on the topics of one topology. */
  public Topics(Admin admin, Topology file) {
    this.admin = admin;
    this.file = file;
  }

  /**
   * A topic that is needed.
   *
   * @param name its name
   * @param partitions how many it has, or will have
   * @param settings what it will be created with
   * @param exists whether it is there
   */
  public record Needed(String name, int partitions, Map<String, String> settings, boolean exists) {}

  /** A topic is missing or unfit, and only the user can mend it; the message says how. */
  public static final class UnfitException extends Exception {

    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  /**
   * Returns the topics that this topology writes, without the changelog, which Kafka Streams makes.
   *
   * @throws UnfitException if the input topic is missing, or a topic that is there does not fit
   */
  public List<Needed> needed() throws UnfitException, InterruptedException {
    int partitions =
        partitions(file.input().topic())
            .orElseThrow(
                () ->
                    new UnfitException(
                        "Topic "
                            + file.input().topic()
                            + " does not exist. Create it, or correct"
                            + " input.topic"));
    // Whatever could be read must fit in again, with our headers.
    int largest = Math.max(maxMessageBytes(file.input().topic()), 1 << 20);
    int limit = Math.min(StreamProperties.largestRecord(file), largest + (64 << 10));
    Map<String, String> asLarge = Map.of(MAX_MESSAGE, Integer.toString(limit));
    List<Needed> needed = new ArrayList<>();
    if (!file.input().keyIsRecordKey()) {
      needed.add(needed(ScoringTopology.rekeyedTopic(file), partitions, asLarge));
    }
    needed.add(needed(file.output().scores(), partitions, Map.of()));
    needed.add(needed(file.output().alerts(), partitions, Map.of()));
    needed.add(needed(file.output().deadLetters(), partitions, asLarge));
    if (file.alerts().feedback().isPresent()) {
      needed.add(needed(file.alerts().feedback().get(), 1, Map.of("retention.ms", "-1")));
    }
    return needed;
  }

  private Needed needed(String name, int partitions, Map<String, String> settings)
      throws UnfitException, InterruptedException {
    Optional<Integer> present = partitions(name);
    boolean mustMatch = name.equals(ScoringTopology.rekeyedTopic(file));
    if (mustMatch && present.isPresent() && present.get() != partitions) {
      throw new UnfitException(
          "Topic "
              + name
              + " has "
              + present.get()
              + " partitions, the input topic has "
              + partitions
              + ". Delete it; it will be made anew");
    }
    return new Needed(name, present.orElse(partitions), settings, present.isPresent());
  }

  /** Creates those that are missing, with the broker's default replication. */
  public void create(List<Needed> needed) throws UnfitException, InterruptedException {
    for (Needed topic : needed) {
      if (topic.exists()) {
        continue;
      }
      NewTopic wanted =
          new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
              .configs(topic.settings());
      try {
        admin.createTopics(List.of(wanted)).all().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw failed("create topic " + topic.name(), e);
        }
      }
    }
  }

  /** Returns the number of partitions of a topic, empty where there is no such topic. */
  public Optional<Integer> partitions(String topic) throws UnfitException, InterruptedException {
    return description(topic).map(found -> found.partitions().size());
  }

  /** Returns the id that the broker gave a topic, empty where there is no such topic. */
  public Optional<Uuid> id(String topic) throws UnfitException, InterruptedException {
    return description(topic).map(TopicDescription::topicId);
  }

  private Optional<TopicDescription> description(String topic)
      throws UnfitException, InterruptedException {
    try {
      return Optional.ofNullable(
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw failed("describe topic " + topic, e);
    }
  }

  private int maxMessageBytes(String topic) throws UnfitException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
      return config == null ? 0 : Integer.parseInt(config.get(MAX_MESSAGE).value());
    } catch (ExecutionException e) {
      throw failed("read the settings of topic " + topic, e);
    }
  }

  static UnfitException failed(String what, ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new UnfitException("Cannot " + what + ": " + cause.getMessage());
  }
}
