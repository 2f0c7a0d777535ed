package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A signature beside a file, and what may lie there instead. */
final class ArtifactFileTest {

  private final SigningKey key = SigningKey.generate();
  private final TrustedKeys trusted = TrustedKeys.of(List.of(key.verifying()));

  @TempDir private Path folder;
  private Path artifact;
  private Path signature;

  @BeforeEach
  void signAnArtifact() throws IOException {
    artifact = folder.resolve("temps.safetensors");
    signature = folder.resolve("temps.safetensors.sig");
    Files.write(artifact, ArtifactWriter.write(SampleModels.smallest()));
    ArtifactFile.read(artifact).sign(key);
  }

  @Test
  void aSignedFileIsLetInByItsKey() {
    assertThat(ArtifactFile.read(artifact).require(trusted).id()).isEqualTo(key.id());
  }

  @Test
  void layoutIsExactlyAsDocumented() throws IOException {
    Claim claim = Claim.of("temps", 1, Files.readAllBytes(artifact));
    assertThat(signature)
        .hasContent(
            "{\"format\":1,\"id\":\"temps\",\"version\":1,\"size\":"
                + Files.size(artifact)
                + ",\"sha256\":\""
                + claim.sha256()
                + "\",\"keyId\":\""
                + key.id()
                + "\",\"ed25519\":\""
                + key.sign(claim).ed25519()
                + "\"}\n");
  }

  @Test
  void anUnsignedFileIsRefusedWhereAKeyIsAskedFor() throws IOException {
    Files.delete(signature);

    assertThat(ArtifactFile.read(artifact).signature()).isEmpty();
    assertThatThrownBy(() -> ArtifactFile.read(artifact).require(trusted))
        .hasMessageStartingWith(artifact + ": it is not signed, and only what key " + key.id());
  }

  @Test
  void aSignatureBesideAnotherArtifactIsSaidToBeOfAnother() throws IOException {
    Files.write(artifact, ArtifactWriter.write(SampleModels.smallest().withVersion(2)));

    assertThatThrownBy(() -> ArtifactFile.read(artifact).signature())
        .isInstanceOf(ArtifactException.class)
        .hasMessageMatching(
            ".*temps.safetensors.sig: it is the signature of temps version 1 \\(sha256"
                + " .{12}\\.\\.\\.\\), and beside it lies temps version 2 \\(sha256"
                + " .{12}\\.\\.\\.\\)\\. Sign the artifact again: sluice models sign, if it is the"
                + " one you mean");
  }

  @Test
  void aSignatureThatIsRewrittenToFitItsNewArtifactIsStillRefused() throws IOException {
    String of1 = Files.readString(signature);
    Claim claim1 = ArtifactFile.read(artifact).claim();
    Files.write(artifact, ArtifactWriter.write(SampleModels.smallest().withVersion(2)));
    Claim claim2 = ArtifactFile.read(artifact).claim();
    Files.writeString(
        signature,
        of1.replace(claim1.sha256(), claim2.sha256()).replace("\"version\":1", "\"version\":2"));

    assertThat(ArtifactFile.read(artifact).signature()).isPresent();
    assertThatThrownBy(() -> ArtifactFile.read(artifact).require(trusted))
        .hasMessageStartingWith(
            artifact + ": its signature by key " + key.id() + " does not match");
  }

  @Test
  void everyTruncationOfTheSignatureFileIsRefused() throws IOException {
    String whole = Files.readString(signature).strip();
    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(signature, whole.substring(0, length));
      assertThatThrownBy(() -> ArtifactFile.read(artifact).signature())
          .as("%d characters", length)
          .isInstanceOf(ArtifactException.class)
          .hasMessageStartingWith(signature + ": it");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"format\":1 | \"format\":2 | it.format is 2, from 1 to 1 can be. Sign the artifact again",
        "\"format\":1 | \"forma\":1  | it.format is missing. Sign the artifact again",
        "\"version\":1 | \"version\":0 | it.version is 0, from 1",
        "\"id\":\"temps\" | \"id\":7 | it.id is no text",
        "\"id\":\"temps\" | \"id\":\"a\\n\" | model \"a?\" version 1 of",
        "\"keyId\":\" | \"keyId\":\"x | keyId is \"x",
        "\"ed25519\":\" | \"ed25519\":\"* | ed25519 is not base64",
        "\"format\":1 | \"format\":1,\"colour\":2 | it.colour is not known",
        "\"format\":1 | \"format\":1,\"format\":1 | it is not JSON: Duplicate field 'format'",
      })
  void aHostileFieldIsRefusedWithWhatWasFound(String good, String bad, String message)
      throws IOException {
    String text = Files.readString(signature);
    assertThat(text).contains(good);
    Files.writeString(signature, text.replace(good, bad));

    assertThatThrownBy(() -> ArtifactFile.read(artifact).signature())
        .isInstanceOf(ArtifactException.class)
        .hasMessageStartingWith(signature + ": " + message);
  }

  @Test
  void aHugeSignatureFileIsNotRead() throws IOException {
    Files.writeString(signature, " ".repeat(5_000));

    assertThatThrownBy(() -> ArtifactFile.read(artifact).signature())
        .hasMessageStartingWith(signature + ": the file is longer than 4,096 bytes. ");
  }
}
