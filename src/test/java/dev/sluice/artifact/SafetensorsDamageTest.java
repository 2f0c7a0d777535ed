package dev.sluice.artifact;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.sluice.artifact.ArtifactException.Fault;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are cut, changed or hostile: each is refused in words, none is believed. */
final class SafetensorsDamageTest {

  private static final int MUTATIONS = 20_000;

  /** What Jackson's buffers and an exception's stack trace take, however small the file. */
  private static final long FIXED_BYTES = 64 << 10;

  private static final int BYTES_PER_FILE_BYTE = 32;

  @Test
  void everyTruncationIsRefused() {
    byte[] whole = Safetensors.write(Map.of("k", "v"), SafetensorsTest.plainTensors());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> Safetensors.read(cut, "topic weights"))
          .isInstanceOf(ArtifactException.class)
          .hasMessageStartingWith("topic weights: ")
          .hasMessageEndingWith("copy it again");
    }
  }

  @Test
  void oneByteTooManyIsRefused() {
    byte[] whole = Safetensors.write(Map.of("k", "v"), SafetensorsTest.plainTensors());
    byte[] grown = Arrays.copyOf(whole, whole.length + 1);
    assertThatThrownBy(() -> Safetensors.read(grown, "f"))
        .hasMessage(
            "f: the tensors need 156 bytes, 157 follow the header."
                + " It is truncated or has grown; copy it again");
  }

  @Test
  void noMutationDoesMoreThanBeRefused() throws IOException {
    byte[][] originals = {
      SafetensorsTest.fixture("plain"), SafetensorsTest.fixture("mixed"), new byte[64]
    };
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int refused = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      byte[] mutant = Mutant.of(originals[seed % originals.length], new Random(seed));
      // Twice, for the JVM links a message's concatenation when it is first made.
      refused += isRefused(mutant) ? 1 : 0;
      long before = threads.getCurrentThreadAllocatedBytes();
      isRefused(mutant);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("bytes allocated for mutant %d of %d bytes", seed, mutant.length)
          .isLessThan(FIXED_BYTES + (long) BYTES_PER_FILE_BYTE * mutant.length);
    }
    // Some changes touch only a weight or a name, and leave the file sound.
    assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS - 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [] | the header is not a JSON object
          {"w":3} | "w" is not an object
          {"__metadata__":{"k":1}} | metadata "k" is no text
          {"__metadata__":{"k":"1","k":"2"}} | the header is not JSON: Duplicate field 'k'
          {"w":{"dtype":"F32","dtype":"F32"}} | the header is not JSON: Duplicate field 'dtype'
          {"w":{"dtype":"F32","shape":[1]}} | tensor "w" lacks its dtype, shape or data_offsets
          {"w":{"dtype":"F33"}} | tensor "w" has the unknown dtype "F33"
          {"w":{"dtype":7}} | tensor "w" has a dtype that is no text
          {"w":{"colour":"red"}} | tensor "w" has an unknown field "colour"
          {"w":{"shape":7}} | tensor "w" has a shape that is no list
          {"w":{"shape":[[1]]}} | the header is not JSON
          {"w":{"shape":[1.0]}} | tensor "w": an extent of its shape is not a whole number
          {"w":{"shape":[-1]}} | tensor "w": an extent of its shape is not a whole number
          {"w":{"shape":["1"]}} | tensor "w": an extent of its shape is not a whole number
          {"w":{"shape":[9223372036854775808]}} | tensor "w": an extent of its shape is not a whole
          {"w":{"shape":[2147483648]}} | tensor "w" has an extent of 2,147,483,648
          {"w":{"shape":[1,1,1,1,1,1,1,1,1]}} | tensor "w" has more than 8 dimensions
          {"w":{"data_offsets":[0]}} | tensor "w": one of its data_offsets is not a whole number
          {"w":{"data_offsets":[0,1,2]}} | tensor "w" has more than two data_offsets
          {"w":{"data_offsets":[8,4]}} | tensor "w" ends before it begins
          {"w":{"dtype":"F32","shape":[65536,65536,65536,65536],"data_offsets":[0,0]}} | \
          tensor "w" has the impossible shape [65536, 65536, 65536, 65536]
          {"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}} | \
          tensor "w" of shape [2] and type F32 needs 8 bytes, its data_offsets span 4
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}} | \
          tensor "w" begins at byte 4 of the data, the one before it ends at 0
          {"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},\
          "x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | \
          tensor "x" begins at byte 0 of the data, the one before it ends at 4
          {"w":{"dtype":"F32","shape":[268435456],"data_offsets":[0,1073741824]}} | \
          the tensors need 1,073,741,824 bytes, 4 follow the header
          {"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} | \
          tensor "" has a name of 0 characters
          {} x | the header is not JSON
          {}{} | something follows the header's last brace
          {"w" | the header ends in the middle
          {"__metadata__":{"k":{"a":{"b":[]}}}} | metadata "k" is no text
          """)
  void whatTheHeaderGetsWrongIsNamed(String header, String problem) {
    byte[] file = file(header, 4);

    var refusal = catchThrowableOfType(ArtifactException.class, () -> Safetensors.read(file, "f"));
    assertThat(refusal).hasMessageStartingWith("f: " + problem);
    assertThat(refusal.fault()).isEqualTo(Fault.CORRUPT);
  }

  @Test
  void doublesAreRefusedRatherThanRounded() throws IOException {
    byte[] file = SafetensorsTest.fixture("double");
    assertThatThrownBy(() -> Safetensors.read(file, "f"))
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.fault()).isEqualTo(Fault.INVALID))
        .hasMessage(
            "f: tensor \"x\" holds F64. Only F32, F16 and BF16 are read; convert it to F32");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() {
    byte[] file = file("{\"__metadata__\":{\"k\":\"?\"}}", 0);
    file[Long.BYTES + 22] = (byte) 0xff;
    assertThatThrownBy(() -> Safetensors.read(file, "f"))
        .hasMessage("f: the header is not UTF-8. It is damaged or not safetensors; copy it again");
  }

  @Test
  void namesAndTensorsAreLimited() {
    String entry = ":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
    byte[] longName = file("{\"" + "n".repeat(257) + "\"" + entry + "}", 0);
    assertThatThrownBy(() -> Safetensors.read(longName, "f")).isInstanceOf(ArtifactException.class);

    var many = new StringBuilder("{");
    for (int i = 0; i <= Safetensors.MAX_TENSORS; i++) {
      many.append(i == 0 ? "\"" : ",\"").append(i).append('"').append(entry);
    }
    byte[] tooMany = file(many.append('}').toString(), 0);
    assertThatThrownBy(() -> Safetensors.read(tooMany, "f"))
        .hasMessageStartingWith("f: the header names more than 65,536 tensors");
  }

  @Test
  void aHeaderBeyondTheLimitIsRefusedUnread() {
    byte[] file = file(" ".repeat(Safetensors.MAX_HEADER_BYTES + 1), 0);
    assertThatThrownBy(() -> Safetensors.read(file, "f"))
        .hasMessage(
            "f: the header says 16,777,217 bytes, 16,777,216 are allowed."
                + " It is no Sluice artifact; check the path");
  }

  @Test
  void textFromTheFileCannotForgeALogLine() {
    byte[] file = file("{\"\\n2026-11-23 ERROR " + "x".repeat(100) + "\":3}", 0);
    assertThatThrownBy(() -> Safetensors.read(file, "f"))
        .hasMessageStartingWith("f: \"?2026-11-23 ERROR xxx")
        .hasMessageContaining("...\" is not an object");
  }

  private static byte[] file(String header, int dataBytes) {
    byte[] text = header.getBytes(UTF_8);
    return ByteBuffer.allocate(Long.BYTES + text.length + dataBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .array();
  }

  private static boolean isRefused(byte[] file) {
    try {
      Safetensors.read(file, "mutant");
      return false;
    } catch (ArtifactException e) {
      return true;
    }
  }
}
