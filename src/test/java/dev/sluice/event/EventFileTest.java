package dev.sluice.event;

import static dev.sluice.event.Samples.RICH;
import static dev.sluice.event.Samples.print;
import static dev.sluice.event.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.Rejection.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventFileTest {

  /** One word, key and time are fields; lines of up to a hundred bytes. */
  private static final EventSchema SMALL =
      new EventSchema(
          List.of(), List.of(new Field("w", true)), "k", new TimeSource.OfField("t", 1), 100);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.jsonl", "a.NDJSON", "a.json", "a.jsonl.gz", "a.json.GZ"})
  void aJsonFileHoldsAnEventALine(String name) throws IOException {
    String text = "{\"k\":\"a\",\"t\":1,\"w\":\"x\"}\n{\"k\":\"b\",\"t\":2}\n";
    assertThat(lines(write(name, text))).containsExactly("1: a @1 [x]", "2: b @2 [null]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv", "a.CSV", "a.csv.gz"})
  void aCsvFileHoldsAHeaderAndAnEventALine(String name) throws IOException {
    assertThat(lines(write(name, "t,k,w\n1,a,x\n2,b,\n")))
        .containsExactly("2: a @1 [x]", "3: b @2 [null]");
  }

  @Test
  void blankLinesArePassedOverAndCounted() throws IOException {
    String json = "{\"k\":\"a\",\"t\":1}";
    assertThat(lines(write("a.jsonl", "\n\r\n  \t\n" + json + "\n\n \r\n" + json)))
        .containsExactly("4: a @1 [null]", "7: a @1 [null]");
    assertThat(lines(write("a.csv", "k,t\r\n\r\na,1\r\n\n"))).containsExactly("3: a @1 [null]");
  }

  @Test
  void linesMayEndInAnyOfTheUsualWays() throws IOException {
    for (String end : List.of("\n", "\r\n")) {
      for (String last : List.of("", end)) {
        assertThat(lines(write("a.csv", "k,t,w" + end + "a,1,x" + end + "b,2,y" + last)))
            .containsExactly("2: a @1 [x]", "3: b @2 [y]");
        String json = "{\"k\":\"a\",\"t\":1,\"w\":\"x\"}";
        assertThat(lines(write("a.jsonl", json + end + json + last)))
            .containsExactly("1: a @1 [x]", "2: a @1 [x]");
      }
    }
  }

  @Test
  void aByteOrderMarkIsPassedOver() throws IOException {
    assertThat(lines(write("a.csv", "\uFEFFk,t\na,1"))).containsExactly("2: a @1 [null]");
    assertThat(lines(write("a.jsonl", "\uFEFF{\"k\":\"a\",\"t\":1}")))
        .containsExactly("1: a @1 [null]");
  }

  @Test
  void aLineThatIsNoEventIsSaidAndTheNextOneIsRead() throws IOException {
    String json = "{\"k\":\"a\",\"t\":1}";
    assertThat(lines(write("a.jsonl", json + "\nx\r\n" + json + "\n{\"t\":1}\n" + json)))
        .containsExactly(
            "1: a @1 [null]",
            "2: MALFORMED 'x'",
            "3: a @1 [null]",
            "4: NO_KEY '{\"t\":1}'",
            "5: a @1 [null]");
    assertThat(lines(write("a.csv", "k,t\na,1\n,2\nb,x\nc,3")))
        .containsExactly("2: a @1 [null]", "3: NO_KEY ',2'", "4: BAD_TIME 'b,x'", "5: c @3 [null]");
  }

  @Test
  void aLineThatIsTooLongIsRefusedWithoutBeingKept() throws IOException {
    String json = "{\"k\":\"a\",\"t\":1}";
    String fits = json + " ".repeat(100 - json.length());
    String text = fits + "\n" + fits + "\r\n" + fits + " \n" + "x".repeat(1_000_000) + "\n" + json;
    List<String> found = lines(write("a.jsonl", text));
    assertThat(found.get(0)).isEqualTo("1: a @1 [null]");
    assertThat(found.get(1)).isEqualTo("2: a @1 [null]");
    assertThat(found.get(2)).isEqualTo("3: TOO_LARGE '" + fits + " '");
    assertThat(found.get(3)).isEqualTo("4: TOO_LARGE '" + "x".repeat(102) + "'");
    assertThat(found.get(4)).isEqualTo("5: a @1 [null]");
    assertThat(found).hasSize(5);
    Path csv = write("a.csv", "k,t\na,1\n" + "b".repeat(99) + ",2\nc,3");
    assertThat(lines(csv).get(1)).startsWith("3: TOO_LARGE");
    assertThat(lines(csv)).hasSize(3);
  }

  @Test
  void aTooLongLineIsSaidInTheWordsOfTheTopology() throws IOException {
    try (EventFile file = EventFile.open(write("a.jsonl", "x".repeat(101)), SMALL)) {
      assertThatThrownBy(() -> file.next(SMALL.newEvent()))
          .isInstanceOf(Rejection.class)
          .hasMessage("the line is longer than input.maxBytes, 100, allows");
    }
  }

  @Test
  void anEmptyFileHoldsNoEvents() throws IOException {
    assertThat(lines(write("a.jsonl", ""))).isEmpty();
    assertThat(lines(write("a.csv", "k,t"))).isEmpty();
    assertRefused(write("a.csv", ""), ": the file is empty; a header was expected");
  }

  @Test
  void aHeaderThatDoesNotFitIsSaidWithItsPlace() throws IOException {
    assertRefused(write("a.csv", "k,x\na,1"), ":1: the header has no column t: k,x");
    assertRefused(write("a.csv", "k,t,k\na,1"), ":1: column k stands twice in the header");
    assertRefused(
        write("a.csv", "k".repeat(101)), ":1: the line is longer than input.maxBytes, 100, allows");
  }

  @Test
  void aFileThatCannotBeReadIsSaidByName() throws IOException {
    String missing = ": there is no such file, or it may not be read";
    assertRefused(folder.resolve("none.csv"), missing);
    assertRefused(Files.createDirectory(folder.resolve("folder.csv")), missing);
    String ending =
        ": the ending says neither CSV nor JSON lines. Name it .csv or .jsonl (.gz may follow)";
    assertRefused(write("a.txt", ""), ending);
    assertRefused(write("csv", ""), ending);
    Path plain = folder.resolve("plain.csv.gz");
    Files.writeString(plain, "k,t\n");
    assertRefused(plain, ": the ending says gzip, the bytes do not: Not in GZIP format");
    Path empty = Files.createFile(folder.resolve("empty.csv.gz"));
    assertRefused(empty, ": the ending says gzip, the bytes do not: EOFException");
  }

  @Test
  void aCompressedFileThatIsCutOffIsSaidWithTheLineBeforeTheCut() throws Exception {
    var random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      text.append("{\"k\":\"").append(random.nextInt()).append("\",\"t\":1}\n");
    }
    Path path = write("cut.jsonl.gz", text.toString());
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length / 2));
    Event event = SMALL.newEvent();
    try (EventFile file = EventFile.open(path, SMALL)) {
      assertThatThrownBy(
              () -> {
                while (file.next(event)) {}
              })
          .isInstanceOf(IOException.class)
          .hasMessageMatching(
              "\\Q"
                  + path
                  + "\\E: cannot be read beyond line \\d+: Unexpected end of ZLIB input stream");
      assertThat(file.line()).isBetween(1000L, 19_000L);
    }
  }

  @Test
  void aSchemaWithoutFieldsForKeyAndTimeIsRefused() throws IOException {
    Path path = write("a.jsonl", "{}");
    assertThatThrownBy(() -> EventFile.open(path, Samples.NUMBER))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a file has no record keys and timestamps; name the fields of both");
    EventSchema fitted = Samples.NUMBER.forFiles("k", "t");
    try (EventFile file = EventFile.open(path, fitted)) {
      assertThat(fitted.keyField()).isEqualTo("k");
      assertThat(fitted.time()).isEqualTo(new TimeSource.OfField("t", 1));
      assertThat(file.line()).isZero();
    }
    assertThat(RICH.forFiles("other", "other")).isEqualTo(RICH);
  }

  /** Lines of all lengths around the size of the buffer, against {@code String.split}. */
  @Test
  void linesAcrossBuffersAreWhole() throws IOException {
    var random = new Random(1);
    StringBuilder text = new StringBuilder();
    while (text.length() < 600_000) {
      int length = random.nextInt(10) == 0 ? random.nextInt(70_000) : random.nextInt(100);
      for (int i = 0; i < length; i++) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    List<String> found = new ArrayList<>();
    byte[] bytes = utf8(text.toString());
    // A stream that gives fewer bytes than were asked for, as a network or gzip does.
    var slow =
        new java.io.ByteArrayInputStream(bytes) {
          @Override
          public synchronized int read(byte[] into, int from, int length) {
            return super.read(into, from, Math.min(length, 1 + random.nextInt(70_000)));
          }
        };
    try (var reader = new LineReader(slow, 1 << 20)) {
      while (reader.next()) {
        assertThat(reader.isTooLong()).isFalse();
        found.add(reader.text());
        assertThat(reader.bytes()).isEqualTo(utf8(reader.text()));
      }
      assertThat(reader.number()).isEqualTo(found.size());
    }
    assertThat(found).isEqualTo(List.of(text.toString().split("\r?\n")));
  }

  private Path write(String name, String text) throws IOException {
    var bytes = new ByteArrayOutputStream();
    boolean gzip = name.endsWith(".gz") || name.endsWith(".GZ");
    try (OutputStream out = gzip ? new GZIPOutputStream(bytes) : bytes) {
      out.write(utf8(text));
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  /** Reads a whole file: each event, or why there is none, with its line. */
  private static List<String> lines(Path path) throws IOException {
    List<String> found = new ArrayList<>();
    Event event = SMALL.newEvent();
    try (EventFile file = EventFile.open(path, SMALL)) {
      boolean more = true;
      while (more) {
        try {
          more = file.next(event);
          if (more) {
            found.add(file.line() + ": " + print(SMALL, event));
          }
        } catch (Rejection e) {
          Reason reason = e.reason();
          found.add(file.line() + ": " + reason + " '" + file.text() + "'");
        }
      }
    }
    return found;
  }

  private static void assertRefused(Path path, String message) {
    assertThatThrownBy(() -> EventFile.open(path, SMALL))
        .isInstanceOf(IOException.class)
        .hasMessage(path + message);
  }
}
