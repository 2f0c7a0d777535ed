package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Random;

/**
 * The events of a benchmark, made from a seed: each key once, in a shuffled order, so that all
 * state is there; then keys at random.
 *
 * <pre>{"at":1767225600000,"value":93.512,"sensor":"thermo-7","unit":"C"}</pre>
 *
 * <p>Or messages of so many tokens, each any of as many words as {@link BenchModels#BINS}:
 *
 * <pre>{"at":1767225600000,"text":"w07 w31 w02"}</pre>
 *
 * <p>Not thread-safe.
 */
final class Load {

  /** How often which key comes. */
  enum Skew {
    /** Every key as often as any other. */
    UNIFORM,
    /** The k-th most frequent key 1/k times as often as the most frequent one. */
    ZIPF
  }

  private static final long FIRST_MILLIS = 1_767_225_600_000L;
  private static final double DAY_MILLIS = 86_400_000;

  /** A prime that divides no number of keys anybody asks for: a walk that visits each key once. */
  private static final long STRIDE = 1_000_000_007L;

  private final int keys;
  private final int tokens;
  private final Random random;
  private final double[] cumulated;
  private final StringBuilder text = new StringBuilder(96);
  private long next;

  Load(int keys, Skew skew, long seed) {
    this(keys, skew, seed, 0);
  }

  /** Makes messages of so many tokens; readings where that is 0. */
  Load(int keys, Skew skew, long seed, int tokens) {
    this.keys = keys;
    this.tokens = tokens;
    this.random = new Random(seed);
    this.cumulated = skew == Skew.ZIPF ? zipf(keys) : new double[0];
  }

  private static double[] zipf(int keys) {
    double[] sums = new double[keys];
    double sum = 0;
    for (int i = 0; i < keys; i++) {
      sum += 1.0 / (i + 1);
      sums[i] = sum;
    }
    for (int i = 0; i < keys; i++) {
      sums[i] /= sum;
    }
    return sums;
  }

  /** One event. */
  record Sent(byte[] key, byte[] value) {}

  /** Returns the next event. */
  Sent next() {
    int key = next < keys ? (int) (next * STRIDE % keys) : any();
    long at = FIRST_MILLIS + next++;
    text.setLength(0);
    text.append("{\"at\":").append(at);
    if (tokens == 0) {
      appendReading(key, at);
    } else {
      appendTokens();
    }
    return new Sent(key(key), text.toString().getBytes(US_ASCII));
  }

  private void appendTokens() {
    text.append(",\"text\":\"");
    for (int i = 0; i < tokens; i++) {
      text.append(i == 0 ? "" : " ")
          .append(BenchModels.word(1 + random.nextInt(BenchModels.BINS - 1)));
    }
    text.append("\"}");
  }

  private void appendReading(int key, long at) {
    double wave = 10 * Math.sin(2 * Math.PI * at / DAY_MILLIS + key);
    long thousandths = Math.round(1000 * (key % 97 + wave + random.nextGaussian()));
    text.append(",\"value\":");
    appendThousandths(thousandths);
    text.append(",\"sensor\":\"thermo-").append(key % 10).append("\",\"unit\":\"C\"}");
  }

  private int any() {
    if (cumulated.length == 0) {
      return random.nextInt(keys);
    }
    int found = Arrays.binarySearch(cumulated, random.nextDouble());
    return Math.min(keys - 1, found < 0 ? -found - 1 : found);
  }

  private void appendThousandths(long thousandths) {
    long size = Math.abs(thousandths);
    text.append(thousandths < 0 ? "-" : "").append(size / 1000).append('.');
    text.append(size / 100 % 10).append(size / 10 % 10).append(size % 10);
  }

  /** Returns the bytes of key {@code number}: ten of them. */
  static byte[] key(int number) {
    byte[] bytes = "k000000000".getBytes(US_ASCII);
    int rest = number;
    for (int i = bytes.length - 1; rest > 0; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    return bytes;
  }
}
