package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.event.Event;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.Judgement;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.river.TestModels.Kind;
import dev.sluice.score.AlertRules.Decision;
import dev.sluice.score.Severity;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Results as bytes, against Jackson's generator, and what they leave to the garbage collector. */
final class ResultBytesTest {

  private static final List<String> FIELD = List.of("v");

  private static Foretold foretold(Result result) {
    return result.fields().getFirst();
  }

  private static void sumUp(Result result) {
    result.surprise(foretold(result).surprise(), new double[] {1});
  }

  private static final WordHead WORDS = (WordHead) TestModels.random(1, Kind.WORDS, 2).head();
  private static final BinHead BINS =
      new BinHead("v", new Linear(new float[4], new float[4], 1), new Bins(-2, 2, 4));

  private final Random random = new Random(5);
  private final ResultJson ours = new ResultJson();
  private final JacksonResult jackson = new JacksonResult();
  private final Judgement judgement = new Judgement(0.9);

  @Test
  void everyResultHasTheBytesOfJackson() {
    var result = new Result();
    var shadow = new Result();
    for (int i = 0; i < 200_000; i++) {
      fill(result);
      if (random.nextInt(4) == 0) {
        fill(shadow);
        result.shadow(shadow);
      }
      byte[] found = ours.write(result);
      byte[] expected = jackson.write(result);
      if (!java.util.Arrays.equals(found, expected)) {
        assertThat(new String(found, UTF_8)).isEqualTo(new String(expected, UTF_8));
      }
    }
  }

  private void fill(Result result) {
    Event event = TestModels.SCHEMA.newEvent();
    event.key(key());
    event.timeMillis(time());
    result.begin(event, random.nextInt(5) == 0, random.nextInt(1, Integer.MAX_VALUE), FIELD);
    if (random.nextInt(4) == 0) {
      WORDS.judge(new float[] {random.nextFloat(), random.nextFloat(), 0.1f}, 0, 1, judgement);
      String word = new String(key(), UTF_8) + (random.nextInt(9) == 0 ? "\ud800x" : "");
      foretold(result).word(random.nextInt(9) == 0 ? null : word, WORDS, judgement);
      sumUp(result);
    } else {
      BINS.judge(new float[] {0.25f, 0.25f, 0.25f, 0.25f}, 0, random.nextGaussian(), judgement);
      foretold(result).value(number(), judgement, number(), number());
      sumUp(result);
    }
    Decision decision = random.nextInt(4) == 0 ? Decision.ALERT : Decision.SILENCE;
    result.scored(random.nextDouble(), decision, random.nextBoolean());
    Severity[] severities = Severity.values();
    result.explanation().severity(severities[random.nextInt(severities.length)]);
    result.explanation().began(time(), random.nextInt(1_000_000));
    foretold(result).nearestNormal(number());
  }

  private double number() {
    return switch (random.nextInt(7)) {
      case 0 -> Double.longBitsToDouble(random.nextLong());
      case 1 -> Float.intBitsToFloat(random.nextInt());
      case 2 -> random.nextInt(100_000) / 100.0;
      case 3 -> Double.NaN;
      case 4 -> random.nextInt(-5, 5);
      case 5 -> random.nextLong(1L << 53) / 1000.0;
      default -> random.nextGaussian() * 1e7;
    };
  }

  private byte[] key() {
    if (random.nextInt(4) == 0) {
      byte[] any = new byte[random.nextInt(12)];
      random.nextBytes(any);
      return any;
    }
    var text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      int kind = random.nextInt(12);
      text.appendCodePoint(
          kind == 0
              ? random.nextInt(0xd800)
              : kind == 1
                  ? random.nextInt(0x10000, 0x110000)
                  : kind == 2 ? random.nextInt(0x80) : 'a' + random.nextInt(26));
    }
    return text.toString().getBytes(UTF_8);
  }

  private long time() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong(-(1L << 53), 1L << 53);
      case 1 -> random.nextLong(-70_000_000, 300_000_000) * 1_000_000L;
      case 2 -> edge() + random.nextInt(-2, 3);
      default -> TestEvents.START + random.nextInt(100_000_000) * (random.nextInt(2) * 999L + 1);
    };
  }

  private long edge() {
    String year = random.nextInt(2) == 0 ? "0000" : "+10000";
    return Instant.parse(year + "-01-01T00:00:00Z").toEpochMilli();
  }

  @Test
  void aResultCostsItsBytesOnly() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var result = new Result();
    result.begin(TestEvents.event("Süd/boiler-7", TestEvents.START, 21.53), false, 3, FIELD);
    BINS.judge(new float[] {0.25f, 0.5f, 0.125f, 0.125f}, 0, 0.5, judgement);
    foretold(result).value(21.53, judgement, 20.1, 3.3);
    sumUp(result);
    result.scored(0.37, Decision.SILENCE, false);
    // An array's header, and its length rounded up.
    long expected = 16 + (ours.write(result).length + 7) / 8 * 8;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 10_000; i++) {
        ours.write(result);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least / 10_000).isLessThanOrEqualTo(expected);
  }
}
