package dev.sluice.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random documents: most are JSON that somebody may write, some are odd, some are damaged. */
final class JsonDocuments {

  private static final List<String> NAMES =
      List.of(
          "k",
          "v",
          "w",
          "o",
          "p",
          "at",
          "device",
          "sensor",
          "value",
          "unit",
          "status",
          "load",
          "größe",
          "x",
          "sensor.value",
          "",
          "k\\\"",
          "\\u0076",
          "vv",
          "kk",
          "o.v");

  private static final List<String> TEXTS =
      List.of(
          "ok",
          "",
          "a text of more than eight bytes",
          "é",
          "漢字",
          "🜂",
          "\\n",
          "\\ud83d\\udf02",
          "\\\"",
          "x\\\\",
          "\\ud800",
          "\u007f",
          "\\x",
          "twelve bytes",
          "ÿ and more behind it",
          "2026-11-23T14:05:00Z",
          "2026-02-30",
          "1999-12-31 23:59:60,5+0130",
          "5",
          "\t",
          "\u0001");

  private static final List<String> BLANKS = List.of(" ", "\n", "\t", "\r\n  ", "\f", "/**/");

  private final Random random;
  private final StringBuilder json = new StringBuilder();

  JsonDocuments(long seed) {
    random = new Random(seed);
  }

  byte[] next() {
    json.setLength(0);
    json.append(one(50) ? "\uFEFF" : "");
    if (one(2)) {
      complete();
    } else {
      object(0);
    }
    json.append(one(30) ? "}" : one(30) ? " 1" : one(10) ? " " : "");
    byte[] bytes = json.toString().getBytes(UTF_8);
    return one(5) ? damaged(bytes) : bytes;
  }

  private boolean one(int in) {
    return random.nextInt(in) == 0;
  }

  private String any(List<String> list) {
    return list.get(random.nextInt(list.size()));
  }

  /** All that the schemas need, in one order or the other. */
  private void complete() {
    List<String> fields =
        Arrays.asList(
            "\"device\":\"d" + random.nextInt(9) + "\"",
            "\"k\":" + (one(2) ? "\"süd\"" : often()),
            "\"at\":" + (one(2) ? "\"2026-11-23T14:05:0" + random.nextInt(10) + "Z\"" : "1234.5"),
            "\"sensor\":{\"value\":" + often() + ",\"x\":[],\"unit\":\"C\"}",
            "\"v\":" + often(),
            "\"o\":{\"p\":{\"v\":" + often() + "},\"v\":1}",
            "\"w\":\"2026-11-23\"",
            "\"größe\":\"" + (one(2) ? any(TEXTS) : "C") + "\"",
            "\"status\":\"ok\"");
    java.util.Collections.shuffle(fields, random);
    json.append('{').append(String.join(one(9) ? " , " : ",", fields)).append('}');
  }

  /** Returns a number that is mostly an ordinary one. */
  private String often() {
    return one(5) ? number(random) : Integer.toString(random.nextInt(100)) + (one(2) ? ".25" : "");
  }

  private void object(int depth) {
    json.append('{');
    int count = random.nextInt(6);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",");
      blank();
      json.append('"').append(any(NAMES)).append('"');
      blank();
      json.append(':');
      blank();
      value(depth + 1);
      blank();
    }
    json.append(one(60) ? "," : "").append('}');
  }

  private void blank() {
    json.append(one(12) ? any(BLANKS) : "");
  }

  private void value(int depth) {
    int kind = random.nextInt(depth > 5 ? 7 : 10);
    switch (kind) {
      case 0, 1, 2 -> json.append(number(random));
      case 3, 4 -> json.append('"').append(any(TEXTS)).append('"');
      case 5 -> json.append(one(2) ? "true" : "false");
      case 6 -> json.append(one(20) ? "nul" : "null");
      case 7 -> array(depth);
      case 8 -> json.append(one(30) ? "[".repeat(40) + "]".repeat(40) : "{}");
      default -> object(depth);
    }
  }

  private void array(int depth) {
    json.append('[');
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      json.append(i == 0 ? "" : ",");
      value(depth + 1);
    }
    json.append(']');
  }

  /** Returns numbers as programs write them, as people do, at the edges, and what is none. */
  static String number(Random random) {
    String sign = random.nextInt(4) == 0 ? "-" : "";
    return switch (random.nextInt(12)) {
      case 0 -> sign + random.nextInt(1000);
      case 1 -> sign + random.nextInt(100) + "." + random.nextInt(1000);
      case 2 -> sign + random.nextDouble();
      case 3 -> Double.toString(Double.longBitsToDouble(random.nextLong()));
      case 4 -> Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(-30, 30)));
      case 5 -> sign + random.nextLong(Long.MAX_VALUE);
      case 6 -> sign + digits(random, 25) + "." + digits(random, 25);
      case 7 -> sign + digits(random, 18) + "e" + random.nextInt(-40, 40);
      case 8 -> halfWay(random);
      case 9 -> sign + "0." + "0".repeat(random.nextInt(9)) + digits(random, 19);
      case 10 ->
          sign + List.of("0", "0.0", "0e5", "1E+2", "0.30000000000000004").get(random.nextInt(5));
      default ->
          sign
              + List.of(
                      "01", "1.", ".5", "1e", "1e+", "+1", "-", "1x", "NaN", "1e999", "1e30",
                      "1e31", "1e00001", "0x1", "2e-400", "5e-324")
                  .get(random.nextInt(16));
    };
  }

  private static String digits(Random random, int most) {
    var text = new StringBuilder().append(1 + random.nextInt(9));
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(random.nextInt(10));
    }
    return text.toString();
  }

  /** A number between two doubles, or next to it. */
  private static String halfWay(Random random) {
    long odd = (1L << 53) + random.nextLong(1L << 53) | 1;
    int power = random.nextInt(0, 8);
    var middle = new java.math.BigDecimal(odd).multiply(java.math.BigDecimal.valueOf(2).pow(power));
    return middle.add(java.math.BigDecimal.valueOf(random.nextInt(-1, 2))) + "e0";
  }

  private byte[] damaged(byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    return switch (random.nextInt(3)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> {
        bytes[at] = (byte) random.nextInt(256);
        yield bytes;
      }
      default -> {
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
        yield shorter;
      }
    };
  }
}
