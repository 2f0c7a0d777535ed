package dev.sluice.registry;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic that carries models to those who score with them. One partition, so that it
 * has one order; several models share it. Records of one model, keys UTF-8:
 *
 * <pre>
 *   key                       value
 *   {id}/{version}/{i}        bytes i·chunkSize to (i+1)·chunkSize of the artifact, i from 0
 *   {id}/{version}/manifest   {@link Manifest}
 *   {id}/timeline             {@link Timeline}
 * </pre>
 *
 * <p>A publication is one transaction: chunks, then manifest, then timeline. Compaction keeps the
 * last record of each key, and no two artifacts share keys, so it cannot mix versions. A chunk
 * without a value is one that retention removed; its manifest stays, so that the number of a
 * version means the same weights for ever.
 */
public final class WeightsTopic {

  /** Bytes of a chunk at most; two fit into a record of a topic with default limits. */
  public static final int CHUNK_BYTES = 512 << 10;

  /** Chunks of one artifact at most, hence 1 GiB, which a byte array can hold. */
  public static final int MAX_CHUNKS = 2048;

  /** A larger artifact is not published, and not loaded unless the follower's settings say so. */
  public static final long MAX_ARTIFACT_BYTES = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(WeightsTopic.class);

  private static final int RECORD_BYTES = 1 << 20;

  private WeightsTopic() {}

  /**
   * Creates the topic if it is missing, or checks the one that is there.
   *
   * @param replication copies of each record; 0 leaves it to the broker
   * @throws WeightsException if it would lose weights or has more than one partition
   * @throws WeightsUnreachableException if no broker answers
   */
  static void ensure(Admin admin, String topic, int replication, Duration timeout) {
    Optional<TopicDescription> found = describe(admin, topic, timeout);
    if (found.isEmpty()) {
      create(admin, topic, replication, timeout);
      return;
    }
    int partitions = found.get().partitions().size();
    if (partitions != 1) {
      throw new WeightsException(
          "weights topic "
              + topic
              + ": "
              + partitions
              + " partitions have no common order. Give a topic with exactly 1");
    }
    requireCompaction(admin, topic, timeout);
  }

  /**
   * Returns the offset after the last record, committed or not.
   *
   * <p>A reader of committed records that has got there has seen everything that was committed
   * before this call, even behind the open transaction of another model's publisher.
   */
  static long highWatermark(Admin admin, String topic, Duration timeout) {
    var partition = new TopicPartition(topic, 0);
    var options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);
    var request = admin.listOffsets(Map.of(partition, OffsetSpec.latest()), options);
    try {
      return get(request.partitionResult(partition), topic, timeout).offset();
    } catch (ExecutionException e) {
      throw unreachable(topic, e);
    }
  }

  private static Optional<TopicDescription> describe(Admin admin, String topic, Duration timeout) {
    try {
      var all = admin.describeTopics(List.of(topic)).allTopicNames();
      return Optional.ofNullable(get(all, topic, timeout).get(topic));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return Optional.empty();
      }
      throw unreachable(topic, e);
    }
  }

  private static void create(Admin admin, String topic, int replication, Duration timeout) {
    Map<String, String> configs = new HashMap<>();
    configs.put("cleanup.policy", "compact");
    configs.put("max.message.bytes", Integer.toString(RECORD_BYTES));
    Optional<Short> copies = replication == 0 ? Optional.empty() : Optional.of((short) replication);
    var wanted = new NewTopic(topic, Optional.of(1), copies).configs(configs);
    try {
      get(admin.createTopics(List.of(wanted)).all(), topic, timeout);
      LOG.atInfo().addKeyValue("topic", topic).log("Created the weights topic");
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new WeightsException("weights topic " + topic + " cannot be created: " + cause(e), e);
      }
    }
  }

  private static void requireCompaction(Admin admin, String topic, Duration timeout) {
    var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config config =
          get(admin.describeConfigs(List.of(resource)).all(), topic, timeout).get(resource);
      ConfigEntry entry = config == null ? null : config.get("cleanup.policy");
      String policy = entry == null ? null : entry.value();
      if (!"compact".equals(policy)) {
        throw new WeightsException(
            "weights topic "
                + topic
                + ": cleanup.policy is "
                + policy
                + ", which deletes models by age. Set it to compact");
      }
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof AuthorizationException)) {
        throw unreachable(topic, e);
      }
      LOG.atWarn()
          .addKeyValue("topic", topic)
          .log("Not allowed to see whether the weights topic is compacted; it must be");
    }
  }

  private static <T> T get(KafkaFuture<T> future, String topic, Duration timeout)
      throws ExecutionException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new WeightsUnreachableException(
          "weights topic " + topic + ": no broker answers within " + timeout.toMillis() + " ms", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Interrupted while asking about " + topic, e);
    }
  }

  private static WeightsUnreachableException unreachable(String topic, ExecutionException e) {
    return new WeightsUnreachableException("weights topic " + topic + ": " + cause(e), e);
  }

  private static String cause(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
  }

  /**
   * Checks that an artifact can be carried.
   *
   * @throws WeightsException if it is empty or too large, or the version is out of range
   */
  static void requireArtifact(String id, int version, byte[] artifact) {
    String what = "version " + version + " of " + id;
    if (version < 1 || version > WeightsKey.MAX_VERSION) {
      throw new WeightsException(
          what + ": out of range. Give a whole number from 1 to " + WeightsKey.MAX_VERSION);
    }
    if (artifact.length == 0 || artifact.length > MAX_ARTIFACT_BYTES) {
      throw new WeightsException(
          what
              + ": an artifact of "
              + artifact.length
              + " bytes. 1 to "
              + MAX_ARTIFACT_BYTES
              + " are expected");
    }
  }
}
