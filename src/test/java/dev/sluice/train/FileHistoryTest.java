package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file as a history: what is kept, what is refused, and where it stood. */
final class FileHistoryTest {

  @TempDir private Path folder;

  private final Lab lab =
      Lab.of(
          """
          features: [{number: x}]
          model: {predict: {value: x}}
          """);

  @Test
  void badLinesAreCountedAndTheFirstTenAreNamed() throws IOException {
    var lines = new java.util.ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      lines.add(i % 2 == 0 ? "{\"key\":\"a\",\"time\":" + i + ",\"x\":1}" : "nonsense");
    }
    Path file = Files.write(folder.resolve("events.jsonl"), lines);

    Recorded recorded = FileHistory.read(file, lab.schema(), TimeRange.ALL, _ -> {});

    assertThat(recorded.history().events()).isEqualTo(15);
    assertThat(recorded.rejected()).isEqualTo(15);
    assertThat(recorded.complaints()).hasSize(10);
    assertThat(recorded.complaints().getFirst()).startsWith(file + ":2: MALFORMED: not JSON");
    assertThat(recorded.complaints().getLast()).startsWith(file + ":20: MALFORMED: not JSON");
    assertThat(recorded.source()).isEqualTo("file events.jsonl");
  }

  @Test
  void onlyEventsWithinTheRangeAreKept() throws IOException {
    Path file =
        Files.write(
            folder.resolve("events.csv"), List.of("key,time,x", "a,10,1", "a,20,2", "a,30,3"));

    Recorded recorded = FileHistory.read(file, lab.schema(), new TimeRange(20, 30), _ -> {});

    assertThat(recorded.history().events()).isEqualTo(1);
    assertThat(recorded.history().number(0, 0)).isEqualTo(2);
    assertThat(recorded.rejected()).isZero();
  }
}
