package dev.sluice.event;

import static dev.sluice.event.Samples.RICH;
import static dev.sluice.event.Samples.print;
import static dev.sluice.event.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for both formats: the same values give the same event, and garbage gives none. */
final class DecoderFormatsTest {

  private static final String HEADER = "device,at,sensor.value,load,status,sensor.unit";
  private static final String[] WORDS = {
    "ok", "a b", "x,y", "\"q\"", "é漢🜂", "7", "0x10", "-", "né"
  };
  private static final int MUTATIONS = 20_000;

  @Test
  void jsonAndCsvOfTheSameValuesAreTheSameEvent() throws Rejection {
    var random = new Random(1);
    var json = new JsonDecoder(RICH);
    var csv = new CsvDecoder(RICH, HEADER);
    Event fromJson = RICH.newEvent();
    Event fromCsv = RICH.newEvent();
    for (int i = 0; i < 5_000; i++) {
      String device = WORDS[random.nextInt(WORDS.length)] + i;
      String at = time(random);
      String value = number(random);
      String load = random.nextBoolean() ? number(random) : "";
      String status = WORDS[random.nextInt(WORDS.length)];
      String unit = random.nextBoolean() ? WORDS[random.nextInt(WORDS.length)] : "";
      String line = String.join(",", cell(device), at, value, load, cell(status), cell(unit));
      String object =
          "{\"device\":"
              + quoted(device)
              + ",\"at\":"
              + (at.contains(":") ? quoted(at) : at)
              + ",\"sensor\":{\"value\":"
              + value
              + (unit.isEmpty() ? "" : ",\"unit\":" + quoted(unit))
              + "},\"status\":"
              + quoted(status)
              + (load.isEmpty() ? "" : ",\"load\":" + load)
              + "}";
      json.decode(null, utf8(object), 0, fromJson);
      csv.decode(null, line, fromCsv);
      assertThat(print(RICH, fromCsv)).as(line).isEqualTo(print(RICH, fromJson));
    }
  }

  private static String time(Random random) {
    return random.nextBoolean()
        ? Long.toString(random.nextLong(2_000_000_000_000L))
        : "2026-11-23T0" + random.nextInt(10) + ":00:00Z";
  }

  private static String number(Random random) {
    return switch (random.nextInt(3)) {
      case 0 -> Integer.toString(random.nextInt());
      case 1 -> Double.toString(random.nextGaussian());
      default -> random.nextInt(1000) + "e" + random.nextInt(-20, 20);
    };
  }

  private static String cell(String text) {
    return text.contains(",") || text.contains("\"")
        ? "\"" + text.replace("\"", "\"\"") + "\""
        : text;
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\"", "\\\"") + "\"";
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aMutatedJsonRecordIsAnEventOrARejection(long seed) {
    byte[] good =
        utf8(
            "{\"device\":\"dé1\",\"at\":\"2026-11-23T14:05:09.250+01:00\",\"sensor\":{\"value\":"
                + "-21.5e3,\"unit\":\"\\u00b0C\"},\"status\":\"🜂\",\"load\":null,\"x\":[1,{}]}");
    var random = new Random(seed);
    var decoder = new JsonDecoder(RICH);
    Event event = RICH.newEvent();
    int events = 0;
    for (int i = 0; i < MUTATIONS / 2; i++) {
      byte[] bytes = mutated(good, random);
      try {
        decoder.decode(null, bytes, 0, event);
        assertSound(event);
        events++;
      } catch (Rejection e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("on " + HexFormat.of().formatHex(bytes), e);
      }
    }
    assertThat(events).isBetween(MUTATIONS / 40, MUTATIONS / 2 - MUTATIONS / 10);
  }

  @Test
  void aMutatedCsvLineIsAnEventOrARejection() throws Rejection {
    byte[] good = utf8("dé1,2026-11-23T14:05:09.250+01:00,-21.5e3,7,\"o\"\"k\",🜂");
    var random = new Random(3);
    var decoder = new CsvDecoder(RICH, HEADER);
    Event event = RICH.newEvent();
    int events = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      String line = new String(mutated(good, random), java.nio.charset.StandardCharsets.UTF_8);
      try {
        decoder.decode(null, line, event);
        assertSound(event);
        events++;
      } catch (Rejection e) {
        assertThat(e.getMessage()).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("on " + line, e);
      }
    }
    assertThat(events).isBetween(MUTATIONS / 20, MUTATIONS - MUTATIONS / 10);
  }

  @Test
  void randomBytesAreNoEvent() {
    var random = new Random(4);
    var decoder = new JsonDecoder(Samples.NUMBER);
    Event event = Samples.NUMBER.newEvent();
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      try {
        decoder.decode(utf8("k"), bytes, 0, event);
        throw new AssertionError("an event of " + HexFormat.of().formatHex(bytes));
      } catch (Rejection e) {
        assertThat(e.reason()).isEqualTo(Rejection.Reason.MALFORMED);
      }
    }
  }

  /** What the packages above rely on without looking. */
  private static void assertSound(Event event) {
    assertThat(event.key()).hasSizeBetween(1, EventSchema.MAX_KEY_BYTES);
    assertThat(event.number(0)).isFinite();
    assertThat(event.number(1)).isNotIn(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    assertThat(event.word(0)).isNotNull();
    assertThat(Math.abs(event.timeMillis())).isLessThan(260_000_000_000_000L);
    // What was decoded can be encoded again.
    String unit = event.word(1);
    if (unit != null) {
      assertThat(new String(utf8(unit), java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(unit);
    }
  }

  /** One to three changes: a byte set, removed, doubled, or a piece copied elsewhere. */
  private static byte[] mutated(byte[] good, Random random) {
    byte[] bytes = good;
    for (int n = 1 + random.nextInt(3); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      int count = random.nextInt(Math.min(8, bytes.length - at) + 1);
      int to = random.nextInt(bytes.length + 1);
      bytes =
          switch (random.nextInt(5)) {
            case 0 -> spliced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)}, 0, 1);
            case 1 ->
                spliced(bytes, at, at + 1, utf8("{}[]\",:\\0-eE+.u\r\n"), random.nextInt(17), 1);
            case 2 -> spliced(bytes, at, at + count, bytes, 0, 0);
            case 3 -> spliced(bytes, to, to, bytes, at, count);
            default -> java.util.Arrays.copyOf(bytes, random.nextInt(10) == 0 ? at : bytes.length);
          };
    }
    return bytes;
  }

  private static byte[] spliced(
      byte[] bytes, int from, int to, byte[] source, int sourceFrom, int count) {
    byte[] result = new byte[bytes.length - (to - from) + count];
    System.arraycopy(bytes, 0, result, 0, from);
    System.arraycopy(source, sourceFrom, result, from, count);
    System.arraycopy(bytes, to, result, from + count, bytes.length - to);
    return result;
  }
}
