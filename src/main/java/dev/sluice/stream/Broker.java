package dev.sluice.stream;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Waits for a broker, and says so while it waits. */
public final class Broker {

  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private Broker() {}

  /** A broker refused us, or the address is none: waiting would not help. */
  public static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /** Returns an admin client for {@code properties}, with patience fit for a person who waits. */
  public static Admin admin(Properties properties) throws RefusedException {
    Properties all = new Properties();
    for (Map.Entry<Object, Object> entry : properties.entrySet()) {
      if (AdminClientConfig.configNames().contains(entry.getKey().toString())) {
        all.put(entry.getKey(), entry.getValue());
      }
    }
    try {
      return Admin.create(all);
    } catch (ConfigException e) {
      throw new RefusedException("kafka: " + e.getMessage());
    } catch (org.apache.kafka.common.KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new RefusedException("kafka: " + cause.getMessage());
    }
  }

  /**
   * Asks a broker once.
   *
   * @param admin how to ask
   * @param bootstrap its address, for the message
   * @throws RefusedException if none answers, or it refuses us
   */
  public static void require(Admin admin, String bootstrap)
      throws RefusedException, InterruptedException {
    if (!answers(admin, bootstrap)) {
      throw new RefusedException(
          "No Kafka broker answers at "
              + bootstrap
              + ". Is it running? Name another one with"
              + " --bootstrap");
    }
  }

  /**
   * Returns once a broker answers; tries again with longer and longer pauses until then.
   *
   * @param admin how to ask
   * @param bootstrap its address, for the message
   * @param say takes one line for each attempt that failed
   * @throws RefusedException if a broker answered, and refused us
   * @throws InterruptedException if the thread was interrupted while it waited
   */
  public static void await(Admin admin, String bootstrap, Consumer<String> say)
      throws RefusedException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (!answers(admin, bootstrap)) {
      say.accept(
          "No Kafka broker answers at "
              + bootstrap
              + ". Is it running? Trying"
              + " again in "
              + pause.toSeconds()
              + " s.");
      Thread.sleep(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
  }

  private static boolean answers(Admin admin, String bootstrap)
      throws RefusedException, InterruptedException {
    // A limit of the call's own: the client, when closed, waits for calls that are under way.
    var options = new DescribeClusterOptions().timeoutMs((int) PATIENCE.toMillis());
    try {
      admin.describeCluster(options).nodes().get();
      return true;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
        throw new RefusedException(
            "The broker at " + bootstrap + " refuses us: " + cause.getMessage());
      }
      return false;
    }
  }
}
