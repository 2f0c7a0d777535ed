package dev.sluice.registry;

import java.time.Duration;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes to the weights topic: all of an order, or nothing of it. For one thread. */
final class Transactions implements AutoCloseable {

  private final KafkaProducer<String, byte[]> producer;
  private final PublisherSettings settings;
  private boolean broken;

  private Transactions(KafkaProducer<String, byte[]> producer, PublisherSettings settings) {
    this.producer = producer;
    this.settings = settings;
  }

  /** Takes over from whoever writes for the same model; what it had not committed is undone. */
  static Transactions open(PublisherSettings settings) {
    var properties =
        ClientProperties.producer(
            settings.kafka(), "sluice-publisher-" + settings.id(), settings.timeout());
    var producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    try {
      producer.initTransactions();
      return new Transactions(producer, settings);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new WeightsUnreachableException(
          "weights topic "
              + settings.topic()
              + ": the brokers at "
              + ClientProperties.servers(settings.kafka())
              + " do not give the right to write transactions: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * Runs one order.
   *
   * @param what the order, for messages
   * @param sends calls {@link #send}
   */
  void run(String what, Runnable sends) {
    if (broken) {
      throw new WeightsException(
          what + ": this publisher failed before. Open another one and try again");
    }
    boolean committing = false;
    try {
      producer.beginTransaction();
      sends.run();
      committing = true;
      producer.commitTransaction();
    } catch (RuntimeException e) {
      broken = true;
      if (isFenced(e)) {
        throw new WeightsException(
            what
                + ": another publisher of "
                + settings.id()
                + " has taken over; nothing was written. See what it did, and try again",
            e);
      }
      if (committing && e instanceof TimeoutException) {
        throw new WeightsUnreachableException(
            what
                + ": the brokers did not confirm it in time, it may or may not be in force. Give"
                + " the same order again; what is there already stays as it is",
            e);
      }
      abort(e);
      throw new WeightsUnreachableException(what + ": nothing was written: " + e.getMessage(), e);
    }
  }

  /** Sends one record of the order that runs; a null value removes. */
  void send(String key, byte @Nullable [] value) {
    // The future is not awaited: an error of one record fails the commit.
    var _ = producer.send(new ProducerRecord<>(settings.topic(), 0, key, value));
  }

  @Override
  public void close() {
    producer.close(broken ? Duration.ZERO : settings.timeout());
  }

  /** Frees readers at once, who would otherwise wait for the transaction to time out. */
  private void abort(RuntimeException because) {
    try {
      producer.abortTransaction();
    } catch (RuntimeException e) {
      because.addSuppressed(e);
    }
  }

  private static boolean isFenced(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof ProducerFencedException || t instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }
}
