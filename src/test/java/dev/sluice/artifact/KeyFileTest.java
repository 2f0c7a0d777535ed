package dev.sluice.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.artifact.ArtifactException.Fault;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Key files as they are, as other programs write them, and as nobody should have written them. */
final class KeyFileTest {

  private static final String SECRET =
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g";
  private static final Claim CLAIM = new Claim("temps", 3, 3, "0".repeat(64));

  @TempDir private Path folder;

  @Test
  void aKeyComesBackFromItsFilesAndIsForItsOwnerOnly() throws IOException {
    SigningKey key = SigningKey.generate();
    Path file = folder.resolve("ops.key");
    Path publicFile = folder.resolve("ops.key.pub");
    key.write(file);
    Files.writeString(publicFile, key.verifying().pem());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    SigningKey read = SigningKey.read(file);
    assertThat(read.id()).isEqualTo(key.id());
    VerifyingKey verifying = VerifyingKey.read(publicFile);
    assertThat(verifying.id()).isEqualTo(key.id());
    assertThat(verifying.verifies(CLAIM, read.sign(CLAIM))).isTrue();
    assertThat(Files.readString(publicFile).lines().toList().get(1))
        .as("the line of the topology is the one in the middle")
        .isEqualTo(key.verifying().base64())
        .hasSize(60);
    String secret = Files.readString(file).lines().toList().get(1);
    assertThat(read.toString()).isEqualTo("signing key " + key.id()).doesNotContain(secret);
  }

  @Test
  void aPrivateKeyIsNeverOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("ops.key"), "precious");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));

    assertThatThrownBy(() -> SigningKey.generate().write(file))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> SigningKey.generate().write(link))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("precious");
    assertThat(folder.resolve("nowhere")).doesNotExist();
  }

  @Test
  void windowsLineEndsAndBlankLinesAroundDoNoHarm() throws IOException {
    SigningKey key = SigningKey.generate();
    Path plain = folder.resolve("plain");
    key.write(plain);
    String text = "\n\r\n" + Files.readString(plain).replace("\n", "\r\n") + "\n\n";

    assertThat(SigningKey.read(file(text)).id()).isEqualTo(key.id());
  }

  @ParameterizedTest
  @CsvSource({"RSA, 2048", "EC, 256", "Ed448, 448", "X25519, 255"})
  void aKeyOfAnotherKindIsNamedByItsKind(String kind, int size)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
    generator.initialize(size);
    KeyPair pair = generator.generateKeyPair();
    Path secret = file(Pem.write(Pem.PRIVATE, pair.getPrivate().getEncoded()));
    Path open = folder.resolve("open");
    Files.writeString(open, Pem.write(Pem.PUBLIC, pair.getPublic().getEncoded()));

    assertThat(signingFault(secret, Fault.INVALID))
        .isEqualTo(
            secret
                + ": it is a private key of kind "
                + kind
                + ", not Ed25519. Make one with: sluice models keygen");
    assertThatThrownBy(() -> VerifyingKey.read(open))
        .hasMessage(
            open
                + ": it is a public key of kind "
                + kind
                + ", not Ed25519. Make one with: sluice models keygen");
  }

  @Test
  void oneHalfOfAKeyIsNotTakenForTheOther() throws IOException {
    SigningKey key = SigningKey.generate();
    Path open = file(key.verifying().pem());
    Path secret = folder.resolve("secret");
    key.write(secret);

    assertThat(signingFault(open, Fault.INVALID))
        .isEqualTo(
            open
                + ": it holds a \"PUBLIC KEY\". A PRIVATE KEY is expected: give the private key,"
                + " not its .pub file as sluice models keygen writes it");
    assertThatThrownBy(() -> VerifyingKey.read(secret))
        .hasMessageStartingWith(secret + ": it holds a \"PRIVATE KEY\". A PUBLIC KEY is expected");
    assertThat(signingFault(file(pem("ENCRYPTED PRIVATE KEY", SECRET)), Fault.INVALID))
        .contains("it holds a \"ENCRYPTED PRIVATE KEY\". Sluice asks for no passphrase");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-----BEGIN PRIVATE KEY-----/ | ''       | it does not begin with a line",
        "KEY-----/                    | KEY/     | it does not begin with a line",
        "BEGIN PRIVATE                | BEGIN private | it does not begin with a line",
        "-----END PRIVATE KEY-----    | ''       | it does not end with a line",
        "END PRIVATE                  | END      | it does not end with a line",
        "/MC4CAQ                      | /!C4CAQ  | what is between its two lines is not base64",
        "/MC4CAQ                      | /MC4CAQ= | what is between its two lines is not base64",
      })
  void aDamagedFileIsRefusedAndNothingOfItRepeated(String good, String bad, String complaint)
      throws IOException {
    String text = pem(Pem.PRIVATE, SECRET).replace("\n", "/");
    assertThat(text).contains(good);
    Path damaged = file(text.replaceFirst(good, bad).replace("KEY-----/", "KEY-----\n"));

    assertThat(signingFault(damaged, Fault.CORRUPT)).startsWith(damaged + ": " + complaint);
  }

  @Test
  void twoKeysInOneFileAreNotOneKey() throws IOException {
    Path two = file(pem(Pem.PRIVATE, SECRET) + pem(Pem.PRIVATE, SECRET));

    assertThat(signingFault(two, Fault.CORRUPT))
        .contains("what is between its two lines is not base64");
  }

  @Test
  void everyTruncationOfTheKeyItselfIsRefused() throws IOException {
    byte[] whole = Base64.getDecoder().decode(SECRET);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(whole, length);
      assertThat(signingFault(file(Pem.write(Pem.PRIVATE, cut)), Fault.INVALID))
          .as("%d bytes", length)
          .contains("it is no Ed25519 private key");
    }
  }

  @Test
  void garbageIsRefusedWhateverItIs() throws IOException {
    var random = new Random(1);
    for (int i = 0; i < 200; i++) {
      byte[] noise = new byte[random.nextInt(100)];
      random.nextBytes(noise);
      Path inside = file(Pem.write(Pem.PRIVATE, noise));
      signingFault(inside, Fault.INVALID);
      Path whole = folder.resolve("noise");
      Files.write(whole, noise);
      signingFault(whole, Fault.CORRUPT);
    }
  }

  @Test
  void aHugeFileIsReadNoFurtherThanAKeyIsLong() throws IOException {
    Path huge = file(pem(Pem.PRIVATE, "A".repeat(20_000)));

    assertThat(signingFault(huge, Fault.CORRUPT))
        .isEqualTo(
            huge + ": the file is longer than 16,384 bytes. It is no key file; check the path");
    assertThat(signingFault(Path.of("/dev/zero"), Fault.CORRUPT))
        .startsWith("/dev/zero: the file is longer than 16,384 bytes");
    assertThat(signingFault(folder, Fault.UNREADABLE)).contains("the file cannot be read");
    assertThat(signingFault(folder.resolve("absent"), Fault.UNREADABLE))
        .contains("the file cannot be read (NoSuchFileException)");
  }

  @Test
  void aLineOfATopologyThatIsNoKeyIsRefused() {
    // y = 2 is the y of no point of edwards25519.
    String offCurve = "MCowBQYDK2VwAyEAAg" + "A".repeat(41) + "=";

    assertThatThrownBy(() -> VerifyingKey.parse(offCurve, "weights.keys[0]"))
        .hasMessageStartingWith("weights.keys[0]: it is no Ed25519 public key. Make one with: ");
    assertThatThrownBy(() -> VerifyingKey.parse("***", "weights.keys[0]"))
        .hasMessage(
            "weights.keys[0]: it is not base64. Copy the key again, one line of 60 characters");
  }

  private static String pem(String label, String body) {
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("file.key"), text);
  }

  private static String signingFault(Path file, Fault fault) {
    ArtifactException thrown =
        catchThrowableOfType(ArtifactException.class, () -> SigningKey.read(file));
    assertThat(thrown).isNotNull();
    assertThat(thrown.fault()).isEqualTo(fault);
    for (int i = 20; i + 8 <= SECRET.length(); i++) {
      assertThat(thrown.getMessage()).doesNotContain(SECRET.substring(i, i + 8));
    }
    assertThat(thrown.getCause()).isNull();
    return thrown.getMessage();
  }
}
