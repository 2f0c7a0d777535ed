package dev.sluice.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.artifact.ArtifactException.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed, byte for byte, and every way to pass something else off as it. */
final class SignatureTest {

  // RFC 8032, section 7.1, test 1, in the form that `openssl pkey` gives it.
  private static final String PRIVATE =
      """
      -----BEGIN PRIVATE KEY-----
      MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
      -----END PRIVATE KEY-----
      """;
  private static final String PUBLIC =
      "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
  private static final String ID = "06e3fd8fda29bb60";

  // The SHA-256 of "abc", from FIPS 180-2, appendix B.1.
  private static final String SHA_OF_ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final Claim CLAIM = new Claim("temps", 3, 3, SHA_OF_ABC);

  // What `openssl pkeyutl -sign -rawin` (OpenSSL 3.0.19) makes of that key and these bytes.
  private static final String CLAIM_TEXT = "sluice model 1\ntemps\n3\n3\n" + SHA_OF_ABC + "\n";
  private static final String SIGNED =
      "pIPI9zpL2UT5qsNlgbnvU1qow2nFxc6WY9sySX6d8EKAZIf9e91qV1Q3WLMKLiEAROT/cnSEUnUfPSuqXIpPBw==";
  private static final ModelSignature SIGNATURE = new ModelSignature(ID, SIGNED);

  private final TrustedKeys trusted = TrustedKeys.of(List.of(VerifyingKey.parse(PUBLIC, "here")));

  @TempDir private Path folder;

  @Test
  void aSignatureIsByteForByteThatOfOpenSsl() throws IOException {
    SigningKey key = SigningKey.read(Files.writeString(folder.resolve("key"), PRIVATE));

    assertThat(new String(CLAIM.toBytes(), UTF_8)).isEqualTo(CLAIM_TEXT);
    assertThat(Claim.of("temps", 3, "abc".getBytes(UTF_8))).isEqualTo(CLAIM);
    assertThat(key.sign(CLAIM)).isEqualTo(SIGNATURE);
    assertThat(key.verifying().base64()).as("RFC 8032's public key").isEqualTo(PUBLIC);
    assertThat(key.id()).as("sha256sum of its DER form, by hand").isEqualTo(ID);
  }

  @Test
  void whatWasSignedIsLetIn() {
    assertThat(trusted.require("here", CLAIM, Optional.of(SIGNATURE)).id()).isEqualTo(ID);
  }

  @Test
  void aSignatureMovedToAnythingElseIsRefused() {
    List<Claim> others =
        List.of(
            new Claim("temps", 4, 3, SHA_OF_ABC),
            new Claim("temp", 3, 3, SHA_OF_ABC),
            new Claim("temps", 3, 4, SHA_OF_ABC),
            new Claim("temps", 3, 3, SHA_OF_ABC.replace("15ad", "15ac")),
            // The same digits, cut into lines elsewhere.
            new Claim("temps", 33, 3, SHA_OF_ABC));
    for (Claim other : others) {
      assertRefused(
          trusted,
          other,
          SIGNATURE,
          "here: its signature by key 06e3fd8fda29bb60 does not match: it was made for other"
              + " weights, another version or another model. ");
    }
  }

  @Test
  void everyFlippedBitOfASignatureIsNoticed() {
    byte[] good = Base64.getDecoder().decode(SIGNED);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(trusted, CLAIM, ModelSignature.of(ID, bad), "here: its signature by key ");
    }
  }

  @Test
  void everyTruncationOfASignatureIsRefused() {
    byte[] good = Base64.getDecoder().decode(SIGNED);
    for (int length = 0; length < good.length; length++) {
      String cut = Base64.getEncoder().encodeToString(java.util.Arrays.copyOf(good, length));
      assertThatThrownBy(() -> new ModelSignature(ID, cut))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("ed25519 has " + length + " bytes. 64 are expected");
    }
  }

  @Test
  void whatNobodySignedIsRefused() {
    assertThatThrownBy(() -> trusted.require("here", CLAIM, Optional.empty()))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.UNTRUSTED))
        .hasMessage(
            "here: it is not signed, and only what key 06e3fd8fda29bb60 signed is trusted. Publish"
                + " it again with --sign-with, or sign its file with sluice models sign");
  }

  @Test
  void aKeyThatIsNotAmongThemCountsForNothingWhateverItCallsItself() {
    SigningKey stranger = SigningKey.generate();
    ModelSignature honest = stranger.sign(CLAIM);
    ModelSignature lying = new ModelSignature(ID, honest.ed25519());

    assertRefused(
        trusted,
        CLAIM,
        honest,
        "here: it is signed by key "
            + stranger.id()
            + ", and only what key 06e3fd8fda29bb60 signed is trusted. Sign it with a trusted key");
    assertRefused(trusted, CLAIM, lying, "here: its signature by key 06e3fd8fda29bb60 does not");
  }

  @Test
  void aRotationTrustsBothKeysAndThenOnlyTheNewOne() {
    SigningKey old = SigningKey.generate();
    SigningKey young = SigningKey.generate();
    TrustedKeys both = TrustedKeys.of(List.of(old.verifying(), young.verifying()));
    TrustedKeys after = TrustedKeys.of(List.of(young.verifying()));

    assertThat(both.require("here", CLAIM, Optional.of(old.sign(CLAIM))).id()).isEqualTo(old.id());
    assertThat(both.require("here", CLAIM, Optional.of(young.sign(CLAIM))).id())
        .isEqualTo(young.id());
    assertThat(after.require("here", CLAIM, Optional.of(young.sign(CLAIM))).id())
        .isEqualTo(young.id());
    assertRefused(after, CLAIM, old.sign(CLAIM), "here: it is signed by key " + old.id());
  }

  @Test
  void trustInNobodyAndTheSameKeyTwiceAreMistakes() {
    VerifyingKey key = VerifyingKey.parse(PUBLIC, "here");

    assertThatThrownBy(() -> TrustedKeys.of(List.of())).hasMessageStartingWith("no key is given");
    assertThatThrownBy(() -> TrustedKeys.of(List.of(key, key)))
        .hasMessage("key 06e3fd8fda29bb60 is given twice. Keep one of the two");
  }

  @Test
  void aClaimThatCouldBeReadAsAnotherCannotBeMade() {
    for (String id : List.of("", "temps\n3", "temps ", "te\u00a0mps", "x".repeat(257))) {
      assertThatThrownBy(() -> new Claim(id, 3, 3, SHA_OF_ABC))
          .as(id)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Claim("temps", 3, 3, SHA_OF_ABC + "\n"))
        .hasMessageEndingWith("is not 64 lower-case hexadecimal digits");
    assertThatThrownBy(() -> new Claim("temps", 0, 3, SHA_OF_ABC))
        .hasMessage("model \"temps\" version 0 of 3 bytes cannot be signed");
  }

  private static void assertRefused(
      TrustedKeys keys, Claim claim, ModelSignature signature, String message) {
    assertThatThrownBy(() -> keys.require("here", claim, Optional.of(signature)))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.UNTRUSTED))
        .hasMessageStartingWith(message);
  }
}
