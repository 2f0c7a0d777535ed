package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** Results as a file: JSON lines with the bytes of the scores topic, or CSV. */
final class ResultFile implements AutoCloseable {

  private static final String HEADER =
      "key,time,value,expected,low,high,surprise,score,alert,warmingUp,modelVersion";

  private final OutputStream out;
  private final boolean csv;
  private final boolean suppresses;
  private final ResultJson json = new ResultJson();

  private ResultFile(OutputStream out, boolean csv, boolean suppresses) {
    this.out = out;
    this.csv = csv;
    this.suppresses = suppresses;
  }

  /**
   * Creates a file.
   *
   * @param suppresses whether alerts may be suppressed; CSV then has a column that says why
   */
  static ResultFile create(Path path, boolean suppresses) throws IOException {
    String name = path.toString().toLowerCase(Locale.ROOT);
    boolean gzip = name.endsWith(".gz");
    String plain = gzip ? name.substring(0, name.length() - 3) : name;
    boolean csv = plain.endsWith(".csv");
    if (!csv && !plain.endsWith(".jsonl") && !plain.endsWith(".ndjson")) {
      throw new Complaint(
          path + ": the ending says neither CSV nor JSON lines. Name it .csv or .jsonl");
    }
    OutputStream raw = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
    ResultFile file = new ResultFile(gzip ? new GZIPOutputStream(raw) : raw, csv, suppresses);
    if (csv) {
      file.out.write((HEADER + (suppresses ? ",suppressed\n" : "\n")).getBytes(UTF_8));
    }
    return file;
  }

  void write(Result result) throws IOException {
    if (!csv) {
      out.write(json.write(result));
      out.write('\n');
      return;
    }
    String expectedWord = result.expectedWord();
    String row =
        quoted(new String(result.key(), UTF_8))
            + ','
            + Instant.ofEpochMilli(result.timeMillis())
            + ','
            + (expectedWord != null
                ? quoted(String.valueOf(result.word()))
                : number(result.value()))
            + ','
            + (expectedWord != null ? quoted(expectedWord) : (float) result.expected())
            + ','
            + (expectedWord != null ? "" : (float) result.low())
            + ','
            + (expectedWord != null ? "" : (float) result.high())
            + ','
            + (float) result.surprise()
            + ','
            + (float) result.score()
            + ','
            + result.isAlert()
            + ','
            + result.isWarmingUp()
            + ','
            + result.modelVersion()
            + (suppresses ? ',' + quoted(result.suppressed().orElse("")) : "")
            + '\n';
    out.write(row.getBytes(UTF_8));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
