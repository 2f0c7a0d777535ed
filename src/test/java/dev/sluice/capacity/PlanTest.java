package dev.sluice.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.capacity.Demand.Skew;
import dev.sluice.config.TopologyFile;
import dev.sluice.river.Declared;
import dev.sluice.state.RowLayout;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The sums of a plan against counting, and against arithmetic by hand. */
final class PlanTest {

  private static final Costs COSTS =
      new Costs(
          "here",
          List.of(
              new Costs.Point(64, 4, 3, 1, 0.2, 160, 100, 300, 0),
              new Costs.Point(64, 8, 5, 3, 1.0, 800, 100, 300, 100_000)));

  private static Demand demand(long keys, double rate, Skew skew, double commit) {
    return new Demand(keys, rate, skew, commit, 10, 3, 1, 4, 0.5);
  }

  @Test
  void distinctKeysOfAnIntervalAreThoseOneCounts() {
    var random = new Random(7);
    int keys = 5_000;
    int events = 8_000;
    double uniform = 0;
    double zipf = 0;
    double[] sums = new double[keys];
    double sum = 0;
    for (int k = 0; k < keys; k++) {
      sum += 1.0 / (k + 1);
      sums[k] = sum;
    }
    int rounds = 40;
    for (int round = 0; round < rounds; round++) {
      var seen = new BitSet();
      var seenZipf = new BitSet();
      for (int i = 0; i < events; i++) {
        seen.set(random.nextInt(keys));
        int at = java.util.Arrays.binarySearch(sums, random.nextDouble() * sum);
        seenZipf.set(at < 0 ? -at - 1 : at);
      }
      uniform += (double) seen.cardinality() / events / rounds;
      zipf += (double) seenZipf.cardinality() / events / rounds;
    }
    assertThat(demand(keys, events * 10.0, Skew.UNIFORM, 0.1).rowsPerEvent())
        .isEqualTo(uniform, within(0.01 * uniform));
    assertThat(demand(keys, events * 10.0, Skew.ZIPF, 0.1).rowsPerEvent())
        .isEqualTo(zipf, within(0.01 * zipf));
  }

  @Test
  void manyKeysAndFewEventsWriteARowForEachEvent() {
    assertThat(demand(100_000_000, 1_000, Skew.UNIFORM, 0.1).rowsPerEvent())
        .isEqualTo(1, within(1e-4));
    assertThat(demand(1, 1_000, Skew.ZIPF, 0.1).rowsPerEvent()).isEqualTo(0.01, within(1e-9));
  }

  @Test
  void costsAreALineThroughFewAndManyRows() {
    Costs.Line cpu = COSTS.line(64, Costs.Point::cpu);
    assertThat(cpu.perRow()).isEqualTo(5, within(1e-9)); // (8 - 4) / (1.0 - 0.2)
    assertThat(cpu.perEvent()).isEqualTo(3, within(1e-9)); // 4 - 5 · 0.2
  }

  @Test
  void costsBetweenTwoSizesGrowWithTheSquare() {
    Costs two =
        new Costs(
            "here",
            List.of(
                new Costs.Point(64, 2, 1, 1, 0.5, 1, 1, 1, 0),
                new Costs.Point(128, 5, 1, 1, 0.5, 1, 1, 1, 0)));
    // 2 + 3 · (96² - 64²) / (128² - 64²)
    assertThat(two.line(96, Costs.Point::cpu).at(0.5)).isEqualTo(3.25, within(1e-9));
    // 2 + 3 · (256² - 64²) / (128² - 64²)
    assertThat(two.line(256, Costs.Point::cpu).at(0.5)).isEqualTo(17, within(1e-9));
  }

  @Test
  void keyTakesWhatItsRowTakes() {
    // 64 units: h and c of 64 floats; 17 statistics; header 48, one layer's number 4.
    KeyMemory key = KeyMemory.of(new RowLayout(List.of(64), 17), 10);
    assertThat(key.rowBytes()).isEqualTo(2 * 64 * 4);
    assertThat(key.storedBytes()).isEqualTo(48 + 4 + 2 * 64 * 4 + 17 * 8);
    assertThat(key.heapBytes()).isEqualTo(17 * 8 + 20 + 16 + 67 + 12);
  }

  @Test
  void statisticsAreThoseOfTheTopologysFeatures() {
    var file =
        TopologyFile.parse(
            """
            name: a
            input: {topic: t}
            features:
              - {number: x, scale: key}
              - {number: y}
              - {category: c}
              - time: of-day
            model: {hidden: 32, layers: 2, predict: {value: x}}
            """,
            "it",
            Map.of());
    // Time and count of the events, count, mean, variance and largest step of x; 21 of the scorer,
    // 6 of the rules, 6 of the onset.
    assertThat(Declared.layout(file)).isEqualTo(new RowLayout(List.of(32, 32), 2 + 4 + 21 + 6 + 6));
  }

  @Test
  void planAddsUp() {
    KeyMemory key = KeyMemory.of(new RowLayout(List.of(64), 17), 10);
    Plan plan = Plan.of(demand(100_000_000, 1e6, Skew.UNIFORM, 0.1), 64, key, COSTS);

    double rows = plan.value("rowsPerEvent");
    assertThat(rows).isEqualTo(0.9995, within(1e-4));
    double cpu = 3 + 5 * rows;
    assertThat(plan.value("cores")).isEqualTo(cpu / 0.5, within(1e-6));
    assertThat(plan.value("instances")).isEqualTo(4); // 16 cores of 4
    assertThat(plan.value("threads")).isEqualTo(10); // 1e6 · 5 us / 0.5
    assertThat(plan.value("partitions")).isEqualTo(12); // 4 instances of 3 threads
    assertThat(plan.value("rowGB")).isEqualTo(1e8 * 2 / 4 * 512 / 1e9, within(1e-6));
    assertThat(plan.value("restoreSeconds")).isEqualTo(25e6 / 1e5, within(1e-6));
    assertThat(plan.value("networkInMBps")).isEqualTo(100, within(1e-9));
    assertThat(plan.lines()).allMatch(line -> !line.formula().isBlank());
  }

  @Test
  void documentThatIsNoneOfOursIsRefused() {
    assertThatThrownBy(() -> read("{}")).isInstanceOf(IOException.class).hasMessageContaining("x:");
    assertThatThrownBy(() -> read("{\"format\":1,\"throughput\":[]}"))
        .hasMessageContaining("sluice bench --json");
  }

  @Test
  void shippedCostsAreAPlanForEverySize() throws IOException {
    Costs costs = Costs.shipped();
    assertThat(costs.machine()).isNotBlank();
    for (int hidden : List.of(16, 32, 64, 100, 256)) {
      assertThat(costs.line(hidden, Costs.Point::cpu).at(0.5)).isPositive();
    }
  }

  private static Costs read(String json) throws IOException {
    return Costs.read(new ByteArrayInputStream(json.getBytes(UTF_8)), "x");
  }
}
