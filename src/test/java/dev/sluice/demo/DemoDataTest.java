package dev.sluice.demo;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * The demo data is what its SOURCE.md says. Totals were counted with other tools (sort, uniq, wc,
 * Python); the hours at Seattle and Houston were counted by local time in the original records.
 */
class DemoDataTest {

  private static final String RESOURCE = "us-departures-2001.csv.gz";

  private record Row(String key, Instant at, double value) {

    static Row parse(String line) {
      String[] fields = line.split(",", -1);
      assertThat(fields).as(line).hasSize(3);
      return new Row(fields[0], Instant.parse(fields[1]), Double.parseDouble(fields[2]));
    }
  }

  @Test
  void theFileIsUnderOneMegabyteAndNamesItsColumns() {
    assertThat(resource(RESOURCE)).hasSizeLessThan(1_000_000);
    assertThat(lines().getFirst()).isEqualTo("key,at,value");
  }

  @Test
  void thereAre189636RowsOf50Keys() {
    List<Row> rows = rows();

    assertThat(rows).hasSize(189_636);
    assertThat(rows.stream().map(Row::key).distinct()).hasSize(50);
    assertThat(rows.stream().map(Row::key)).allMatch(k -> k.matches("[A-Z]{3}/(departures|delay)"));
  }

  @Test
  void rowsAreSortedByTimeThenKeyAndNoneRepeats() {
    List<Row> rows = rows();

    for (int i = 1; i < rows.size(); i++) {
      Row before = rows.get(i - 1);
      Row row = rows.get(i);
      int byTime = before.at().compareTo(row.at());
      assertThat(byTime < 0 || (byTime == 0 && before.key().compareTo(row.key()) < 0))
          .as("%s comes before %s", before, row)
          .isTrue();
    }
  }

  @Test
  void everyValueIsFiniteAndInTheStatedRange() {
    for (Row row : rows()) {
      if (row.key().endsWith("/departures")) {
        assertThat(row.value()).as(row.key()).isBetween(0.0, 100.0).isEqualTo((int) row.value());
      } else {
        assertThat(row.value()).as(row.key()).isBetween(-40.0, 342.0);
      }
    }
  }

  @Test
  void departuresAreReportedEveryHourOfTheHalfYear() {
    List<Row> rows = rows();
    Instant first = Instant.parse("2001-01-01T09:00:00Z");
    Instant last = Instant.parse("2001-07-01T04:00:00Z");
    Map<String, Long> counts =
        rows.stream()
            .filter(row -> row.key().endsWith("/departures"))
            .collect(groupingBy(Row::key, counting()));
    long hours = Duration.between(first, last).toHours() + 1;

    assertThat(rows.getFirst().at()).isEqualTo(first);
    assertThat(rows.getLast().at()).isEqualTo(last);
    assertThat(rows).allMatch(row -> row.at().getEpochSecond() % 3_600 == 0);
    // One row per hour at most (sorted, none repeats), so this count leaves no gap.
    assertThat(hours).isEqualTo(4_340);
    assertThat(counts)
        .hasSize(25)
        .allSatisfy((key, count) -> assertThat(count).as(key).isEqualTo(hours));
  }

  @Test
  void seattleStandsStillAfterTheEarthquakeOf28February2001() {
    // 10:54 in Seattle; hours from 08:00 to 14:00 local (UTC-8), each stamped at its end.
    assertThat(values("SEA/departures", "2001-02-28T17:00:00Z", 6))
        .containsExactly(12, 15, 12, 0, 0, 3);
    assertThat(values("SEA/delay", "2001-02-28T22:00:00Z", 1)).containsExactly(141);
  }

  @Test
  void houstonStandsStillUnderTropicalStormAllison() {
    // Hours from 00:00 to 06:00 local (summer time, UTC-5) of 2001-06-09, after a busy midnight.
    assertThat(values("IAH/departures", "2001-06-09T05:00:00Z", 7))
        .containsExactly(10, 0, 0, 0, 0, 0, 0);
  }

  @Test
  void sourceNotesStateTheSumOfTheRows() throws NoSuchAlgorithmException {
    byte[] sum = MessageDigest.getInstance("SHA-256").digest(unpacked());

    assertThat(new String(resource("SOURCE.md"), StandardCharsets.UTF_8))
        .contains("| SHA-256 of the CSV | " + HexFormat.of().formatHex(sum) + " |");
  }

  /** Returns the values of {@code key} in so many hours, the first ending at {@code from}. */
  private static double[] values(String key, String from, int hours) {
    Instant start = Instant.parse(from);
    Instant end = start.plus(Duration.ofHours(hours));
    return rows().stream()
        .filter(row -> row.key().equals(key))
        .filter(row -> !row.at().isBefore(start) && row.at().isBefore(end))
        .mapToDouble(Row::value)
        .toArray();
  }

  private static List<Row> rows() {
    return lines().stream().skip(1).map(Row::parse).toList();
  }

  private static List<String> lines() {
    return new String(unpacked(), StandardCharsets.UTF_8).lines().toList();
  }

  private static byte[] unpacked() {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(resource(RESOURCE)))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] resource(String name) {
    try (var in = Objects.requireNonNull(DemoDataTest.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
