package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The events of a proof, made from a seed: keys interleaved, a daily wave with noise and spikes, a
 * few late ones, a few that cannot be scored. The same bytes are lines of a file and values of a
 * topic.
 *
 * @param list in the order in which they are written
 * @param partitions of the input topic; a key stays in one
 */
public record Events(List<Sent> list, int partitions) {

  private static final long FIRST_MILLIS = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
  private static final long STEP_MILLIS = 10_000;
  private static final double LATE_SHARE = 0.01;
  private static final double BAD_SHARE = 0.002;
  private static final double SPIKE_SHARE = 0.003;

  /**
   * One event and its place.
   *
   * @param partition of the input topic
   * @param offset in the partition, if nothing else is written to it
   * @param value the line of the file, and the value of the record
   */
  public record Sent(int partition, long offset, byte[] key, byte[] value) {}

  /** Makes {@code count} events of {@code keys} keys. */
  public static Events of(int count, int keys, int partitions, long seed) {
    var maker = new Maker(keys, partitions, seed);
    List<Sent> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(maker.next());
    }
    return new Events(List.copyOf(list), partitions);
  }

  /** Makes the same events one after the other, for runs that do not fit into memory. */
  static final class Maker {

    private final int keys;
    private final Random random;
    private final long[] offsets;
    private int made;
    private int number;

    Maker(int keys, int partitions, long seed) {
      this.keys = keys;
      this.random = new Random(seed);
      this.offsets = new long[partitions];
    }

    Sent next() {
      number = random.nextInt(keys);
      String key = key(number);
      long time = timeMillis(made);
      if (random.nextDouble() < LATE_SHARE) {
        time -= random.nextInt(3_600_000);
      }
      String line =
          random.nextDouble() < BAD_SHARE
              ? bad(random.nextInt(7), key, time)
              : good(key, time, value(made, number, random));
      made++;
      int partition = number % offsets.length;
      return new Sent(partition, offsets[partition]++, key.getBytes(UTF_8), line.getBytes(UTF_8));
    }

    /** Returns the number of the key of the event that was made last, from 0. */
    int number() {
      return number;
    }
  }

  /** Returns a key by its number; some are not ASCII: bytes, not characters, must survive. */
  static String key(int number) {
    return (number % 10 == 3 ? "größe-" : "k") + number;
  }

  private static double value(int i, int number, Random random) {
    double wave = 10 * Math.sin(2 * Math.PI * i * STEP_MILLIS / 86_400_000.0) * (1 + number % 5);
    double spike = random.nextDouble() < SPIKE_SHARE ? 500 : 0;
    return number + wave + random.nextGaussian() + spike;
  }

  private static String good(String key, long time, double value) {
    return head(key, time) + ",\"value\":" + value + "}";
  }

  private static String head(String key, long time) {
    return "{\"key\":\"" + key + "\",\"at\":\"" + Instant.ofEpochMilli(time) + "\"";
  }

  /** Returns a line that no model can score, each kind for another reason. */
  private static String bad(int kind, String key, long time) {
    return switch (kind) {
      case 0 -> head(key, time) + ",\"value\":";
      case 1 -> head(key, time) + ",\"value\":\"high\"}";
      case 2 -> head(key, time) + ",\"value\":null}";
      case 3 -> head(key, time) + ",\"value\":1e31}";
      case 4 -> head(key, time) + ",\"value\":NaN}";
      case 5 -> "{\"key\":\"" + key + "\",\"at\":\"yesterday\",\"value\":1}";
      default -> head(key, time) + ",\"value\":1,\"value\":2}";
    };
  }

  public int count() {
    return list.size();
  }

  /** Returns the event time at which event {@code index} stands if it is not late. */
  public static long timeMillis(int index) {
    return FIRST_MILLIS + index * STEP_MILLIS;
  }

  /** Writes the events as a file of JSON lines. */
  public void writeTo(Path file) throws IOException {
    try (OutputStream out =
        new java.io.BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (Sent event : list) {
        out.write(event.value());
        out.write('\n');
      }
    }
  }
}
