package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a file holds, it is a topology or it is told what is wrong with it. */
final class TopologyFuzzTest {

  private static final int MUTATIONS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Map<String, String> ENV = Map.of("A", "b: {c", "N", "1e99999");

  // What means something to YAML, to numbers and to the environment, and what nothing should.
  private static final String[] PIECES = {
    "\n",
    "  ",
    "\t",
    ":",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "&a ",
    "*a",
    "!!int ",
    "!x ",
    "'",
    "\"",
    "|\n",
    ">\n",
    "? ",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "<<: ",
    "~",
    "null",
    "true",
    "\\x",
    "\\U0011ffff",
    "\\ud800",
    "\ud800",
    "\udc00",
    "\u0000",
    "\uFEFF",
    "\u2028",
    "é",
    "😀",
    "-1",
    "1e999999999",
    ".nan",
    "0x1F",
    "010",
    "99999999999999999999",
    "${A}",
    "${N}",
    "${",
    "$${",
    "${A:-",
    "100ms",
    "\"\\U\"",
    "\"\\uD800\"",
    "&",
    "*",
    "!",
    "@",
    "`",
    "\r",
    "\u0085",
  };

  @Test
  void twoThousandMutationsThrowNothingElseAndNeverHang() {
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          int valid = 0;
          for (int seed = 0; seed < MUTATIONS; seed++) {
            var random = new Random(seed);
            String base = seed % 2 == 0 ? Mistakes.VALID : TopologyFileTest.EVERYTHING;
            valid += outcome(mutated(base, random), seed) ? 1 : 0;
          }
          // Some mutations fall into comments or names: a parser that refused all would be broken.
          assertThat(valid).isBetween(1, MUTATIONS / 2);
        });
  }

  @Test
  void everyPrefixOfAFileIsATopologyOrIsToldWhy() {
    String whole = TopologyFileTest.EVERYTHING;
    for (int length = 0; length < whole.length(); length++) {
      outcome(whole.substring(0, length), length);
    }
  }

  @Test
  void whatGrewOtherParsersIsRefusedAtOnce() {
    String billion =
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n";
    String[] bombs = {
      billion,
      "[".repeat(1 << 20),
      "{a: ".repeat(1 << 18),
      "- ".repeat(1 << 19),
      "? ".repeat(1 << 19),
      "a: " + "9".repeat(1_000_000),
      "a: 1e" + "9".repeat(1_000),
      "x".repeat(1 << 20),
      "a".repeat(1_000_000) + ": b",
      "\"" + "\\n".repeat(500_000) + "\": b",
      Mistakes.VALID + "training: {window: 1e9999, batch: 1e-9999, dropout: 1e999999999}",
      Mistakes.VALID + "kafka: {" + "a: b, ".repeat(100_000) + "}",
      Mistakes.VALID + "kafka: {a: \"" + "${A}".repeat(200_000) + "\"}",
      Mistakes.VALID + "kafka: {a: \"" + "${".repeat(400_000) + "\"}",
      Mistakes.VALID + "kafka: {a: \"" + "${A:-".repeat(200_000) + "\"}",
      "a:\n" + " ".repeat(1_000_000) + "b: c",
      "|" + "\n".repeat(1_000_000),
      "#".repeat(1 << 20),
    };
    assertTimeoutPreemptively(
        PATIENCE,
        () -> {
          for (int i = 0; i < bombs.length; i++) {
            outcome(bombs[i], i);
          }
        });
  }

  /** Whether it was a topology; anything thrown but a well-formed complaint fails the test. */
  private static boolean outcome(String yaml, int seed) {
    try {
      TopologyFile.parse(yaml, "x.yaml", ENV);
      return true;
    } catch (TopologyException e) {
      assertThat(e.problems()).as("seed %d", seed).isNotEmpty();
      assertThat(e.getMessage().split("\\R")).as("seed %d", seed).hasSize(e.problems().size());
      assertThat(e.getMessage().split("\n"))
          .as("seed %d: %s", seed, yaml)
          .allMatch(line -> line.matches("x\\.yaml:[1-9]\\d*:[1-9]\\d*: .{1,900}"));
      return false;
    }
  }

  private static String mutated(String base, Random random) {
    var text = new StringBuilder(base);
    int edits = 1 + random.nextInt(4);
    for (int edit = 0; edit < edits; edit++) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(12));
      String piece = PIECES[random.nextInt(PIECES.length)];
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, piece);
        case 1 -> text.replace(at, end, piece);
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(random.nextInt(at + 1), at));
        default -> text.insert(at, (char) random.nextInt(0x300));
      }
    }
    return text.toString();
  }
}
