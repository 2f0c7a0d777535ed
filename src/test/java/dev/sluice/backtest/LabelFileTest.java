package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.backtest.Labels.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LabelFileTest {

  private static final long HOUR = 3_600_000;

  @TempDir Path folder;

  private Labels read(String name, String text) throws IOException {
    return LabelFile.read(Files.writeString(folder.resolve(name), text));
  }

  @Test
  void threeFormsSayTheSame() throws IOException {
    // The second and third of b touch; together they last from two o'clock to five.
    List<Labels> forms =
        List.of(
            read(
                "a.csv",
                """
                note,end,key,start
                "x, y",1970-01-01T01:00:00Z,a,1970-01-01T00:00:00Z
                ,18000000,"b,c",1970-01-01 03:00
                ,1970-01-01T03:00Z,"b,c",7200000
                """),
            read(
                "a.json",
                """
                [ {"key": "a", "start": "1970-01-01T00:00:00Z", "end": "1970-01-01T01:00:00Z"},
                  {"key": "b,c", "start": "1970-01-01 03:00", "end": 18000000, "tags": ["x"]},
                  {"end": "1970-01-01T03:00Z", "key": "b,c", "start": 7200000, "by": {"who": 1}} ]
                """),
            read(
                "a.jsonl",
                """
                {"key": "a", "start": "1970-01-01T00:00:00Z", "end": "1970-01-01T01:00:00Z"}
                {"key": "b,c", "start": "1970-01-01 03:00", "end": 18000000}

                {"key": "b,c", "start": 7200000, "end": "1970-01-01T03:00Z"}
                """),
            read(
                "nab.json",
                """
                {"a": [["1970-01-01 00:00:00.000000", "1970-01-01 01:00:00"]],
                 "nothing": [],
                 "b,c": [["1970-01-01 03:00", 18000000], [7200000, "1970-01-01T03:00Z"]]}
                """));
    for (Labels labels : forms) {
      assertThat(labels.of("a")).containsExactly(new Span(0, HOUR));
      assertThat(labels.of("b,c")).containsExactly(new Span(2 * HOUR, 5 * HOUR));
      assertThat(labels.of("nothing")).isEmpty();
      assertThat(labels.count()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a.csv   | key,start                      | 1: the header has no column end: key,start",
        "a.csv   | key,start,end~a,0              | 2: 2 cells where the header has 3",
        "a.csv   | key,start,end~a,0,soon         | 2: end 'soon' is no time. Write it like"
            + " 2026-11-23T14:00:00Z, or in milliseconds",
        "a.csv   | key,start,end~a,0,1~a,2000,0   | 3: the anomaly ends at 1970-01-01T00:00:00Z,"
            + " before it starts at 1970-01-01T00:00:02Z",
        "a.json  | [~{\"key\":\"a\",\"start\":0}] | 2: the label has no end. Give it key, start and"
            + " end",
        "a.json  | [~{\"start\":0,\"end\":1}]     | 2: the label has no key. Give it key, start and"
            + " end",
        "a.json  | [~~\"a\"]                      | 3: found 'a' where a label begins",
        "a.json  | {\"a\":~[[0]]}                 | 2: a window of a is no pair of times, as in"
            + " [start, end]",
        "a.json  | {\"a\":~[0,1]}                 | 2: a window of a is no pair of times, as in"
            + " [start, end]",
        "a.json  | {\"a\":~[[0,1,2]]}             | 2: a window of a is no pair of times, as in"
            + " [start, end]",
        "a.jsonl | {\"key\":\"\",\"start\":0,\"end\":1} | 1: the key is empty",
      })
  void aMistakeIsNamedWithItsLine(String name, String text, String problem) {
    Path path = folder.resolve(name);
    assertThatThrownBy(() -> read(name, text.replace('~', '\n')))
        .isInstanceOf(IOException.class)
        .hasMessage(path + ":" + problem);
  }

  @Test
  void whatIsNoJsonIsNamedWithItsLine() {
    assertThatThrownBy(() -> read("a.json", "[\n{\"key\": \"a\" \"start\"}]"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve("a.json") + ":2: no JSON: ");
    assertThatThrownBy(() -> read("a.json", "[\n{\"key\": \"a\","))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(folder.resolve("a.json") + ":2: no JSON: ");
  }

  @Test
  void otherFilesAreRefused() {
    assertThatThrownBy(() -> read("labels.txt", ""))
        .hasMessageEndingWith(
            "labels.txt: the ending says neither CSV nor JSON. Name it .csv, .json or .jsonl");
    assertThatThrownBy(() -> LabelFile.read(folder.resolve("none.csv")))
        .hasMessageEndingWith("none.csv: there is no such file, or it may not be read");
  }
}
