package dev.sluice.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.StreamsConfig;

/**
 * Who this instance is in its consumer group, and whether it leaves the group when it stops.
 *
 * <p>A broker gives the partitions of a member that was killed to nobody until the session times
 * out, 45 s by default, not even to the same process started again, which to the broker is somebody
 * else; unless the member has a name. So every instance has one, kept in its state folder beside
 * what Kafka Streams keeps there for the same reason. One that stops in good order leaves, so that
 * the others take over at once; only if the user has named it does it stay a member, because that
 * is what one names it for.
 *
 * @param properties of the stream, with the name
 * @param onClose what becomes of the membership at an orderly stop
 */
record Membership(Properties properties, GroupMembershipOperation onClose) {

  private static final String ID = ConsumerConfig.GROUP_INSTANCE_ID_CONFIG;

  /**
   * Returns the membership of an instance.
   *
   * @param complete the properties of the stream; {@code state.dir} and {@code application.id} are
   *     among them
   * @throws Complaint if the state folder cannot be used
   */
  static Membership of(Properties complete) {
    if (isNamed(complete)) {
      return new Membership(complete, GroupMembershipOperation.REMAIN_IN_GROUP);
    }
    Properties named = new Properties();
    named.putAll(complete);
    // The streams protocol has no named members yet (Kafka 4.3), and always leaves.
    if (!"streams".equalsIgnoreCase(named.getProperty(StreamsConfig.GROUP_PROTOCOL_CONFIG))) {
      named.put(StreamsConfig.mainConsumerPrefix(ID), name(named));
    }
    return new Membership(named, GroupMembershipOperation.LEAVE_GROUP);
  }

  private static boolean isNamed(Properties properties) {
    return properties.containsKey(ID)
        || properties.containsKey(StreamsConfig.consumerPrefix(ID))
        || properties.containsKey(StreamsConfig.mainConsumerPrefix(ID));
  }

  private static String name(Properties properties) {
    Path folder = Path.of(properties.getProperty(StreamsConfig.STATE_DIR_CONFIG));
    Path file =
        folder.resolve(properties.getProperty(StreamsConfig.APPLICATION_ID_CONFIG) + ".member");
    try {
      String known = Files.exists(file) ? Files.readString(file).strip() : "";
      if (known.isEmpty()) {
        known = UUID.randomUUID().toString();
        Files.createDirectories(folder);
        Files.writeString(file, known + "\n");
      }
      return known;
    } catch (IOException e) {
      throw Complaint.ofStateFolder(folder, e);
    }
  }
}
