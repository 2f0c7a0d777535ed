package dev.sluice.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NabScoresTest {

  private static final String CSV = "file,row,anomaly_score\na,0,0.25\nb,0,1\na,1,5e-1\n";

  private final NabCorpus corpus = new NabCorpus(List.of(series("a", 2), series("b", 1)));

  @TempDir Path folder;

  @Test
  void csvLinesGoToTheirRowsInAnyOrder() throws IOException {
    assertThat(NabScores.readCsv(corpus, file("scores.csv", CSV))).containsExactly(0.25, 0.5, 1);
  }

  @Test
  void packedFilesAreUnpacked() throws IOException {
    Path packed = folder.resolve("scores.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(CSV.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(NabScores.readCsv(corpus, packed)).containsExactly(0.25, 0.5, 1);
  }

  @Test
  void jsonResultsGoToTheNextRowOfTheirKey() throws IOException {
    Path results =
        file(
            "results.jsonl",
            """
            {"key":"b","score":1,"alert":true}
            {"key":"a","score":null,"warmingUp":true}
            {"score":0.5,"key":"a"}
            """);

    assertThat(NabScores.readJsonLines(corpus, results, "key", "score")).containsExactly(0, 0.5, 1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a,2,0.5 | row 2 of a, which has rows 0 to 1",
        "a,-1,0.5 | row -1 of a, which has rows 0 to 1",
        "c,0,0.5 | 'c' is no series of the corpus. Score the corpus as it is",
        "a,0,0.5 | row 0 of a has a score already",
        "a,1,NaN | the score is NaN. Give a finite number",
        "a,1 | found 'a,1'. Give file,row,anomaly_score",
        "a,one,0.5 | found 'a,one,0.5'. Give file,row,anomaly_score",
      })
  void aWrongCsvLineIsNamed(String wrong, String what) throws IOException {
    Path scores = file("scores.csv", "file,row,anomaly_score\na,0,0.25\n" + wrong + "\n");

    assertThatThrownBy(() -> NabScores.readCsv(corpus, scores))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(scores + ":3: " + what);
  }

  @Test
  void aCsvFileWithoutItsHeaderIsRefused() throws IOException {
    Path scores = file("scores.csv", "a,0,0.25\n");

    assertThatThrownBy(() -> NabScores.readCsv(corpus, scores))
        .hasMessage(scores + ":1: found 'a,0,0.25'. The first line must be file,row,anomaly_score");
  }

  @Test
  void aRowWithoutAScoreIsMissed() throws IOException {
    Path scores = file("scores.csv", "file,row,anomaly_score\na,1,0.25\nb,0,1\n");

    assertThatThrownBy(() -> NabScores.readCsv(corpus, scores))
        .hasMessage(scores + ": 1 scores for the 2 rows of a. Give every row one");
  }

  @Test
  void aWrongJsonLineIsNamed() throws IOException {
    Path misnamed = file("a.jsonl", "{\"key\":\"a\",\"surprise\":1}\n");
    assertThatThrownBy(() -> NabScores.readJsonLines(corpus, misnamed, "key", "score"))
        .hasMessage(
            misnamed
                + ":1: no text field key with a number field score in"
                + " '{\"key\":\"a\",\"surprise\":1}'");

    Path cut = file("b.jsonl", "{\"key\":\"a\"\n");
    assertThatThrownBy(() -> NabScores.readJsonLines(corpus, cut, "key", "score"))
        .hasMessageStartingWith(cut + ":1: found '{\"key\":\"a\"', which is no JSON: ");
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static NabSeries series(String name, int rows) {
    return new NabSeries(name, new long[rows], new double[rows], List.of());
  }
}
