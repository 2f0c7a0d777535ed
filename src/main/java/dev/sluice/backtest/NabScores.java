package dev.sluice.backtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * Reads a detector's scores, one per row of the corpus, from a file; unpacks it if it ends in
 * {@code .gz}.
 *
 * <p>Every row must have exactly one score: a detector that skips rows, or a file of another
 * benchmark, would otherwise get a figure that looks like any other.
 */
public final class NabScores {

  private static final String HEADER = "file,row,anomaly_score";

  private final NabCorpus corpus;
  private final Path file;
  private final double[] scores; // (rows), NaN where none was read yet
  private final int[] read; // (series), rows read so far
  private int line;

  private NabScores(NabCorpus corpus, Path file) {
    this.corpus = corpus;
    this.file = file;
    this.scores = new double[corpus.rows()];
    this.read = new int[corpus.series().size()];
    Arrays.fill(scores, Double.NaN);
  }

  /**
   * Reads lines of {@code file,row,anomaly_score}, in any order: the published form.
   *
   * @return shape (rows of the corpus), corpus order
   * @throws IllegalArgumentException if a line is malformed, twice there or missing, with its place
   */
  public static double[] readCsv(NabCorpus corpus, Path file) throws IOException {
    return new NabScores(corpus, file).read(new Csv());
  }

  /**
   * Reads results as JSON objects, one a line: the n-th result with a key belongs to row n of the
   * series of that name, which is so when {@link NabInput}'s events were scored.
   *
   * @param keyField the name of the field that holds the key
   * @param scoreField the name of the field that holds the score; {@code null} there counts as 0,
   *     for a detector that says nothing while it warms up
   * @return shape (rows of the corpus), corpus order
   * @throws IllegalArgumentException if a line is malformed, too many or missing, with its place
   */
  public static double[] readJsonLines(
      NabCorpus corpus, Path file, String keyField, String scoreField) throws IOException {
    return new NabScores(corpus, file).read(new JsonLines(keyField, scoreField));
  }

  private double[] read(Format format) throws IOException {
    try (InputStream bytes = Files.newInputStream(file);
        BufferedReader reader = reader(bytes)) {
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        format.accept(this, text);
      }
    }
    for (int s = 0; s < read.length; s++) {
      NabSeries series = corpus.series().get(s);
      if (read[s] != series.rows()) {
        throw new IllegalArgumentException(
            file
                + ": "
                + read[s]
                + " scores for the "
                + series.rows()
                + " rows of "
                + series.name()
                + ". Give every row one");
      }
    }
    return scores;
  }

  private BufferedReader reader(InputStream bytes) throws IOException {
    boolean packed = file.getFileName().toString().endsWith(".gz");
    InputStream text = packed ? new GZIPInputStream(bytes) : bytes;
    return new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8));
  }

  private int series(String name) {
    int s = corpus.indexOf(name);
    if (s < 0) {
      throw wrong("'" + name + "' is no series of the corpus. Score the corpus as it is");
    }
    return s;
  }

  private void put(int s, int row, double score) {
    int rows = corpus.series().get(s).rows();
    if (row < 0 || row >= rows) {
      throw wrong(
          "row "
              + row
              + " of "
              + corpus.series().get(s).name()
              + ", which has rows 0 to "
              + (rows - 1));
    }
    if (!Double.isFinite(score)) {
      throw wrong("the score is " + score + ". Give a finite number");
    }
    int place = corpus.offset(s) + row;
    if (!Double.isNaN(scores[place])) {
      throw wrong("row " + row + " of " + corpus.series().get(s).name() + " has a score already");
    }
    scores[place] = score;
    read[s]++;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(file + ":" + line + ": " + what);
  }

  private sealed interface Format {
    void accept(NabScores into, String text);
  }

  private record Csv() implements Format {
    @Override
    public void accept(NabScores into, String text) {
      if (into.line == 1) {
        if (!text.equals(HEADER)) {
          throw into.wrong("found '" + text + "'. The first line must be " + HEADER);
        }
        return;
      }
      int rowAt = text.indexOf(',') + 1;
      int scoreAt = text.indexOf(',', rowAt) + 1;
      if (rowAt == 0 || scoreAt == 0) {
        throw into.wrong("found '" + text + "'. Give " + HEADER);
      }
      try {
        int row = Integer.parseInt(text, rowAt, scoreAt - 1, 10);
        double score = Double.parseDouble(text.substring(scoreAt));
        into.put(into.series(text.substring(0, rowAt - 1)), row, score);
      } catch (NumberFormatException e) {
        throw into.wrong("found '" + text + "'. Give " + HEADER);
      }
    }
  }

  private record JsonLines(ObjectReader reader, String keyField, String scoreField)
      implements Format {

    JsonLines(String keyField, String scoreField) {
      this(new ObjectMapper().reader(), keyField, scoreField);
    }

    @Override
    public void accept(NabScores into, String text) {
      JsonNode result = parse(into, text);
      JsonNode score = result.path(scoreField);
      if (!result.path(keyField).isTextual() || !(score.isNumber() || score.isNull())) {
        throw into.wrong(
            "no text field "
                + keyField
                + " with a number field "
                + scoreField
                + " in '"
                + text
                + "'");
      }
      int s = into.series(result.path(keyField).asText());
      into.put(s, into.read[s], score.asDouble());
    }

    private JsonNode parse(NabScores into, String text) {
      try {
        return reader.readTree(text);
      } catch (JsonProcessingException e) {
        throw into.wrong("found '" + text + "', which is no JSON: " + e.getOriginalMessage());
      }
    }
  }
}
