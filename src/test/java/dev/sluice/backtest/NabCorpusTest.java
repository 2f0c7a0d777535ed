package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NabCorpusTest {

  private static final String ROWS =
      """
      timestamp,value
      2014-04-01 00:00:00,20.0
      2014-04-01 00:05:00,-1.5e-05
      2014-04-01 00:10:00,104
      """;

  @TempDir Path folder;

  @Test
  void seriesComeInOrderOfNameWithTheirLabelsAsRows() throws IOException {
    data("b/late.csv", ROWS);
    data("a/early.csv", ROWS);
    labels(
        """
        {"b/late.csv": [["2014-04-01 00:05:00.000000", "2014-04-01 00:10:00.000000"]],
         "a/early.csv": []}
        """);

    NabCorpus corpus = NabCorpus.read(folder);

    assertThat(corpus.series())
        .extracting(NabSeries::name)
        .containsExactly("a/early.csv", "b/late.csv");
    assertThat(corpus.rows()).isEqualTo(6);
    assertThat(corpus.offset(1)).isEqualTo(3);
    assertThat(corpus.indexOf("b/late.csv")).isEqualTo(1);
    assertThat(corpus.indexOf("c")).isEqualTo(-1);
    NabSeries late = corpus.series().get(1);
    assertThat(late.windows()).containsExactly(new Window(1, 2));
    assertThat(late.values()).containsExactly(20, -0.000015, 104);
    // date -u -d '2014-04-01 00:05:00' +%s
    assertThat(late.timesMillis()[1]).isEqualTo(1_396_310_700_000L);
  }

  @Test
  void theInputStreamHoldsEveryRowAsOneEventALine() throws IOException {
    data("a/early.csv", ROWS);
    labels("{\"a/early.csv\": []}");
    Path input = folder.resolve("nab.jsonl");

    NabInput.write(NabCorpus.read(folder), input);

    assertThat(input)
        .hasContent(
            """
            {"key":"a/early.csv","timestamp":"2014-04-01T00:00:00Z","value":20}
            {"key":"a/early.csv","timestamp":"2014-04-01T00:05:00Z","value":-1.5E-5}
            {"key":"a/early.csv","timestamp":"2014-04-01T00:10:00Z","value":104}
            """);
    assertThat(Files.readString(input)).endsWith("}\n");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "20, 3", "1127, 169", "4999, 749", "5000, 750", "22695, 750"})
  void probationIsFifteenPercentOfTheRowsAndAtMost750(int rows, int probation) {
    var series = new NabSeries("a.csv", new long[rows], new double[rows], List.of());

    assertThat(series.probation()).isEqualTo(probation);
  }

  @Test
  void whatIsWrongWithAFileIsSaidWithItsLine() throws IOException {
    labels("{\"a/early.csv\": []}");
    Path file = data("a/early.csv", "time,value\n");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage(file + ":1: the first line must be timestamp,value");

    data("a/early.csv", ROWS + "2014-04-01 00:15:00;7\n");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage(
            file
                + ":5: found '2014-04-01 00:15:00;7'."
                + " Give a time and a number, as in 2014-04-01 00:05:00,20.0");

    data("a/early.csv", ROWS + "2014-04-01 00:15:00,NaN\n");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage("a/early.csv, row 3: the value is NaN. Give a finite number");
  }

  @Test
  void whatIsWrongWithTheLabelsIsSaid() throws IOException {
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            folder
                + ": no NAB here, labels/combined_windows.json is missing."
                + " Give the folder that holds NAB's data and labels folders");

    data("a/early.csv", ROWS);
    Path labels = labels("{}");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage(labels + ": no entry for a/early.csv. Add one; [] means no anomaly");

    labels("{\"a/early.csv\": [], \"a/gone.csv\": []}");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage(labels + ": labels a/gone.csv, which data does not hold");

    labels("{\"a/early.csv\": [[\"2014-04-01 00:05:00\", \"2014-04-01 00:06:00\"]]}");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage(
            "a/early.csv: no row at label 2014-04-01 00:06:00."
                + " Labels must repeat a timestamp of the file");

    labels("{\"a/early.csv\": [[\"yesterday\", \"2014-04-01 00:05:00\"]]}");
    assertThatThrownBy(() -> NabCorpus.read(folder))
        .hasMessage("a/early.csv: label 'yesterday' is no time, as in 2014-04-01 00:05:00");
  }

  @ParameterizedTest
  @CsvSource({
    "2, 5, 'begins before row 3, in probation or in the one before it'",
    "5, 5, 'has a single row, and needs two'",
    "5, 20, 'ends after the last row, 19'",
  })
  void windowsThatCannotBeScoredAreRefused(int first, int last, String what) {
    assertThatThrownBy(
            () ->
                new NabSeries(
                    "a.csv", new long[20], new double[20], List.of(new Window(first, last))))
        .hasMessage(
            "a.csv: the window of rows "
                + first
                + " to "
                + last
                + " "
                + what
                + ". Correct the labels");
  }

  @Test
  void windowsThatOverlapAreRefused() {
    var windows = List.of(new Window(5, 9), new Window(9, 12));

    assertThatThrownBy(() -> new NabSeries("a.csv", new long[20], new double[20], windows))
        .hasMessage(
            "a.csv: the window of rows 9 to 12 begins before row 10, in probation or in the one"
                + " before it. Correct the labels");
  }

  private Path data(String name, String content) throws IOException {
    Path file = folder.resolve("data").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  private Path labels(String content) throws IOException {
    Path file = folder.resolve("labels/combined_windows.json");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
