package dev.sluice.config;

import static dev.sluice.config.Mistakes.KEY;
import static dev.sluice.config.Mistakes.VALID;

import dev.sluice.config.Mistakes.Mistake;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Mistakes with the keys that models are signed with; no message may repeat what may be secret. */
final class KeyMistakes {

  /** The private key of RFC 8032, section 7.1, test 1, as PKCS #8. */
  private static final String PRIVATE =
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";

  private static final String NO_KEY =
      "this is not an Ed25519 public key."
          + " Write the line of 60 characters that sluice models keygen prints";

  private KeyMistakes() {}

  static Stream<Mistake> all() {
    return Stream.of(
        add(
            "{keys: []}",
            "8:17: weights.keys: nothing is listed. Write at least one entry, or remove the key"),
        add(
            "{keys: " + KEY + "}",
            "8:17: weights.keys: this is not a list. Start each entry with a hyphen"),
        add("{keys: [ops]}", "8:18: weights.keys[0]: " + NO_KEY),
        add("{keys: [12]}", "8:18: weights.keys[0]: 12 is not text. Put it in quotes"),
        add("{keys: [" + KEY + ", '']}", "8:80: weights.keys[1]: " + NO_KEY),
        // The last character holds bits that no key has.
        add("{keys: [" + KEY.replace("o=", "p=") + "]}", "8:18: weights.keys[0]: " + NO_KEY),
        add(
            "{keys: [" + PRIVATE + "]}",
            "8:18: weights.keys[0]: this is a private key. Remove it from this file and do not use"
                + " it any more: who reads the file can sign with it"),
        add(
            "{keys: " + PRIVATE + "}",
            "8:17: weights.keys: this is not a list. Start each entry with a hyphen"),
        add(
            "{keys: [" + KEY + ", " + KEY + "]}",
            "8:80: weights.keys[1]: this is also weights.keys[0]. Keep one"),
        add(
            "{keys: [" + seventeen() + "]}",
            "8:17: weights.keys: 17 keys are too many. Write at most 16"),
        add(
            "{requireSignature: true}",
            "8:29: weights.requireSignature: true needs a key to verify signatures with."
                + " Write weights.keys: and the public key that sluice models keygen prints"),
        add(
            "{requireSignature: false, keys: [" + KEY + "]}",
            "8:29: weights.requireSignature: false contradicts weights.keys."
                + " Remove it; to trust whoever may write to the topic, remove weights.keys"));
  }

  private static String seventeen() {
    return IntStream.range(0, 17)
        .mapToObj(i -> KEY.replace("MCowBQYDK2VwAyEA1", "MCowBQYDK2VwAyEA" + (char) ('a' + i)))
        .collect(Collectors.joining(", "));
  }

  private static Mistake add(String weights, String line) {
    return new Mistake(VALID + "weights: " + weights + "\n", true, List.of("x.yaml:" + line));
  }
}
