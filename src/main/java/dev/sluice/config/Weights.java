package dev.sluice.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The {@code weights} section: where models come from, and whose are trusted.
 *
 * <p>Keys stand in the file itself, one line each, and not as paths to other files: who reads the
 * topology reads whom it trusts, and the two cannot be deployed apart.
 *
 * @param topic the compacted topic that carries them
 * @param requireSignature whether a model that no key signed is refused; true if there are keys,
 *     and only then
 * @param keys the Ed25519 public keys that may sign a model, X.509 in base64, up to {@value
 *     #MAX_KEYS}; empty to trust whoever may write to the topic
 * @param guard when the guard goes back to the version before
 */
public record Weights(String topic, boolean requireSignature, List<String> keys, Guard guard) {

  /** Most keys: two make a rotation. */
  static final int MAX_KEYS = 16;

  /** A key that is none of anybody's, for where one is missing. */
  static final String NO_KEY = "MCowBQYDK2VwAyEA" + "A".repeat(43) + "=";

  // X.509 puts the same 12 bytes before the 32 of every Ed25519 key (RFC 8410), PKCS #8 the same
  // 16.
  private static final Pattern PUBLIC =
      Pattern.compile("MCowBQYDK2VwAyEA[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");
  private static final String PRIVATE = "MC4CAQAwBQYDK2VwBCIE";

  /**
   * Checks the section.
   *
   * @throws TopologyException naming the field at fault; never what stands where a key belongs, for
   *     it may be a secret
   */
  public Weights {
    keys = List.copyOf(keys);
    var check = new Check("weights").topic("topic", topic);
    check.require(
        keys.size() <= MAX_KEYS,
        "keys",
        keys.size() + " keys",
        "are too many",
        "Write at most " + MAX_KEYS);
    for (int i = 0; i < keys.size(); i++) {
      key(check, keys, i);
    }
    check.require(
        !requireSignature || !keys.isEmpty(),
        "requireSignature",
        "true",
        "needs a key to verify signatures with",
        "Write weights.keys: and the public key that sluice models keygen prints");
    check.require(
        requireSignature || keys.isEmpty(),
        "requireSignature",
        "false",
        "contradicts weights.keys",
        "Remove it; to trust whoever may write to the topic, remove weights.keys");
    check.done();
  }

  private static void key(Check check, List<String> keys, int i) {
    String key = keys.get(i);
    String path = "keys[" + i + "]";
    if (key.startsWith(PRIVATE)) {
      check.require(
          false,
          path,
          "",
          "this is a private key",
          "Remove it from this file and do not use it any more: who reads the file can sign with"
              + " it");
      return;
    }
    check.require(
        PUBLIC.matcher(key).matches(),
        path,
        "",
        "this is not an Ed25519 public key",
        "Write the line of 60 characters that sluice models keygen prints");
    int first = keys.indexOf(key);
    check.require(first == i, path, "", "this is also weights.keys[" + first + "]", "Keep one");
  }

  /** What a file without this section means. */
  public static Weights defaults() {
    return new Weights(Defaults.WEIGHTS_TOPIC, false, List.of(), Guard.defaults());
  }
}
