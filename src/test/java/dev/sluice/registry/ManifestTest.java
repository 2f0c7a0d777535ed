package dev.sluice.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.artifact.ModelSignature;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A promise written out in bytes, and every way to break it. */
final class ManifestTest {

  // The SHA-256 of "abc", from FIPS 180-2, appendix B.1.
  private static final String SHA_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String GOLDEN =
      "{\"format\":1,\"id\":\"temps\",\"version\":3,\"size\":3,\"chunks\":1,\"chunkSize\":524288,"
          + "\"sha256\":\""
          + SHA_OF_ABC
          + "\",\"createdAtMillis\":1763906400000}";
  // 64 zero bytes.
  private static final String SIGNATURE = "A".repeat(86) + "==";

  @Test
  void layoutIsExactlyAsDocumented() {
    Manifest manifest = Manifest.of("temps", 3, "abc".getBytes(UTF_8), 1_763_906_400_000L);
    assertThat(new String(manifest.toBytes(), UTF_8)).isEqualTo(GOLDEN);
    assertThat(parse(GOLDEN)).isEqualTo(manifest);
  }

  @Test
  void aSignatureIsCarried() {
    String signed =
        GOLDEN.substring(0, GOLDEN.length() - 1)
            + ",\"signature\":{\"keyId\":\"06e3fd8fda29bb60\",\"ed25519\":\""
            + SIGNATURE
            + "\"}}";
    Manifest manifest = parse(signed);
    assertThat(manifest.signature()).contains(new ModelSignature("06e3fd8fda29bb60", SIGNATURE));
    assertThat(new String(manifest.toBytes(), UTF_8)).isEqualTo(signed);
  }

  @Test
  void aFieldOfALaterReleaseIsLetPass() {
    assertThat(parse(GOLDEN.replace("{\"format\":1", "{\"format\":1,\"colour\":\"blue\"")))
        .isEqualTo(parse(GOLDEN));
  }

  @Test
  void everyTruncationIsRefusedWithTheVersionNamed() {
    byte[] whole = GOLDEN.getBytes(UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Manifest.parse("temps", 3, cut))
          .as("%d bytes", length)
          .isInstanceOf(WeightsException.class)
          .hasMessageStartingWith("manifest of temps version 3: ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\":1 | \"format\":2 | format version 2 is too new.",
        "\"format\":1 | \"format\":0 | format is 0. A whole number from 1 to 2147483647 is",
        "\"format\":1 | \"form\":1   | format is missing.",
        "\"temps\"    | \"other\"    | id is other. temps, as in its key, is expected",
        "\"temps\"    | 7            | id is 7. A string is expected",
        "\"version\":3 | \"version\":4 | version is 4. 3, as in its key, is expected",
        "\"size\":3   | \"size\":-1  | size is -1. A whole number from 1 to 1073741824 is",
        "\"size\":3   | \"size\":9223372036854775808 | size is 9223372036854775808. A whole",
        "\"size\":3   | \"size\":1073741825 | size is 1073741825.",
        "\"size\":3   | \"size\":3.0 | size is 3.0. A whole number",
        "\"size\":3   | \"size\":524289 | 524289 bytes in chunks of 524288 are 2 chunks, not 1",
        "\"chunks\":1 | \"chunks\":2049 | chunks is 2049. A whole number from 1 to 2048 is",
        "\"chunkSize\":524288 | \"chunkSize\":524289 | chunkSize is 524289.",
        "\"chunkSize\":524288 | \"chunkSize\":0 | chunkSize is 0.",
        "ba7816bf     | BA7816BF     | sha256 is 'BA78",
        "\"size\":3   | \"size\":3,\"size\":4 | not readable as JSON: Duplicate field 'size'",
      })
  void aHostileFieldIsRefusedWithWhatWasFound(String good, String bad, String message) {
    String text = GOLDEN.replace(good.strip(), bad.strip());
    assertThat(text).isNotEqualTo(GOLDEN);
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("manifest of temps version 3: " + message);
  }

  @Test
  void anOversizedOneIsRefusedUnread() {
    assertThatThrownBy(() -> Manifest.parse("temps", 3, new byte[65_537]))
        .hasMessage(
            "manifest of temps version 3: 65537 bytes are too many. At most 65536 are expected");
  }

  @Test
  void deepNestingIsRefusedInsteadOfOverflowingTheStack() {
    assertThatThrownBy(() -> parse("[".repeat(60_000)))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("manifest of temps version 3: not readable as JSON: ");
  }

  @Test
  void theLastChunkHasWhatIsLeft() {
    var manifest =
        new Manifest("temps", 3, 1_000_001, 11, 100_000, SHA_OF_ABC, 0, Optional.empty());
    assertThat(manifest.chunkLength(0)).isEqualTo(100_000);
    assertThat(manifest.chunkLength(9)).isEqualTo(100_000);
    assertThat(manifest.chunkLength(10)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "AAAA==        | ==     | ed25519 has 61 bytes. 64 are expected",
        "AAAA==        | A*AA== | ed25519 is not base64",
        "06e3fd8f      | 06E3FD8F | keyId is \"06E3FD8Fda29bb60\". 16 lower-case hexadecimal"
            + " digits",
        "06e3fd8f      | \\n06e3fd8f | keyId is \"?06e3fd8fda29bb60\". 16 lower-case hexadecimal",
      })
  void aSignatureThatCannotBeOneIsRefused(String good, String bad, String message) {
    String signed =
        GOLDEN.replace(
            "00}",
            "00,\"signature\":{\"keyId\":\"06e3fd8fda29bb60\",\"ed25519\":\"" + SIGNATURE + "\"}}");
    assertThat(parse(signed).signature()).isPresent();
    assertThatThrownBy(() -> parse(signed.replace(good.strip(), bad.strip())))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("manifest of temps version 3: signature: " + message);
  }

  private static Manifest parse(String text) {
    return Manifest.parse("temps", 3, text.getBytes(UTF_8));
  }
}
