package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.Kind;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.Scale;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.Mistakes.Mistake;
import dev.sluice.config.ModelDecl.WeightFormat;
import dev.sluice.config.Prediction.BinsOfValue;
import dev.sluice.config.Prediction.GaussianOfValue;
import dev.sluice.config.Prediction.NextCategory;
import dev.sluice.config.Training.SplitBy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TopologyFileTest {

  private static final long HOUR = 3_600_000;

  @Test
  void theShortestFileMeansWhatTheContractSays() {
    Topology topology = parse(Mistakes.VALID);

    assertThat(topology)
        .isEqualTo(
            new Topology(
                "readings",
                new Input(
                    "readings",
                    Input.Format.JSON,
                    "record",
                    "record",
                    Input.TimeUnit.MILLISECONDS,
                    1_048_576),
                List.of(new NumberDecl("temp", Scale.MODEL, false)),
                new ModelDecl(
                    "readings",
                    ModelDecl.DEFAULT_CELLS,
                    64,
                    1,
                    WeightFormat.FLOAT32,
                    ModelDecl.Start.WAIT,
                    ModelDecl.Reading.PLAIN,
                    new BinsOfValue("temp", 40)),
                new Training(64, 32, 20, 0.003, 1.0, 3, 0.0, 0.2, SplitBy.TIME, 1),
                new ScoreDecl(0.8, 100, 20),
                new AlertsDecl(1, Duration.ZERO, Optional.empty(), List.of(), Optional.empty()),
                new StateDecl(
                    StateDecl.OnSwap.KEEP,
                    32,
                    100,
                    StateDecl.Encoding.FLOAT32,
                    Optional.empty(),
                    StateDecl.Store.RESIDENT,
                    268_435_456,
                    Optional.empty(),
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    StateDecl.Adapt.NONE,
                    0.01),
                new Output("readings-scores", "readings-alerts", "readings-dead-letters", 0.9),
                new Weights(
                    "sluice-weights", false, List.of(), new Guard(0.2, 2000, Duration.ofHours(1))),
                new Delivery(Delivery.Guarantee.EXACTLY_ONCE, Duration.ofMillis(100), 256, 1),
                new KafkaProperties(Map.of("bootstrap.servers", "localhost:9092"))));
    assertThat(topology.modelId()).isEqualTo("readings");
    assertThat(topology.predicted()).containsExactly(topology.features().getFirst());
    assertThat(topology.input().keyIsRecordKey()).isTrue();
    assertThat(topology.input().timeIsRecordTime()).isTrue();
  }

  @Test
  void theShorthandsOfTheRecordsMeanTheSameAsTheShortestFile() {
    var byHand =
        new Topology(
            "readings",
            Input.of("readings"),
            List.of(new NumberDecl("temp", Scale.MODEL, false)),
            ModelDecl.of("readings", new BinsOfValue("temp", 40)),
            Training.defaults(),
            ScoreDecl.defaults(),
            AlertsDecl.defaults(),
            StateDecl.defaults(),
            Output.of("readings"),
            Weights.defaults(),
            Delivery.defaults(),
            new KafkaProperties(Map.of("bootstrap.servers", "localhost:9092")));

    assertThat(parse(Mistakes.VALID)).isEqualTo(byHand);
  }

  @Test
  void everyKeyReachesItsRecord() {
    Topology topology = parse(EVERYTHING);

    assertThat(topology)
        .isEqualTo(
            new Topology(
                "all-of-it",
                new Input("in.1", Input.Format.CSV, "user", "at", Input.TimeUnit.SECONDS, 2048),
                List.of(
                    new NumberDecl("amount", Scale.KEY, true),
                    new CategoryDecl("status", 3),
                    new TimeDecl(Kind.OF_DAY),
                    new TimeDecl(Kind.OF_WEEK),
                    new TimeDecl(Kind.ELAPSED)),
                new ModelDecl(
                    "other",
                    ModelDecl.DEFAULT_CELLS,
                    24,
                    2,
                    WeightFormat.INT16,
                    ModelDecl.Start.WAIT,
                    ModelDecl.Reading.PLAIN,
                    new NextCategory("status")),
                new Training(10, 11, 12, 0.5, 2, 13, 0.25, 0.1, SplitBy.TIME, 99),
                new ScoreDecl(1, 0, 7),
                new AlertsDecl(
                    3,
                    Duration.ofMinutes(10),
                    Optional.of(4),
                    List.of(
                        new SuppressDecl(22 * HOUR, 8 * HOUR, 24 * HOUR, "", "daily 22:00-06:00"),
                        // 1970 began on a Thursday: Saturday was two days later.
                        new SuppressDecl(
                            2 * 24 * HOUR,
                            54 * HOUR,
                            168 * HOUR,
                            "a*",
                            "weekly sat 00:00-mon 06:00"),
                        new SuppressDecl(
                            24 * HOUR,
                            36 * HOUR,
                            0,
                            "k",
                            "move (1970-01-02 to 1970-01-03T12:00:00Z)")),
                    Optional.of("said")),
                new StateDecl(
                    StateDecl.OnSwap.REWARM,
                    16,
                    50,
                    StateDecl.Encoding.FLOAT16,
                    Optional.of(Duration.ofDays(30)),
                    StateDecl.Store.ROCKSDB,
                    65_536,
                    Optional.of(2L << 30),
                    Duration.ofMinutes(1),
                    Duration.ZERO,
                    StateDecl.Adapt.HEAD,
                    0.25),
                new Output("s", "a", "d", 0.5),
                new Weights(
                    "w", true, List.of(Mistakes.KEY), new Guard(0.5, 300, Duration.ofDays(1))),
                new Delivery(Delivery.Guarantee.AT_LEAST_ONCE, Duration.ofSeconds(2), 1, 4),
                new KafkaProperties(
                    Map.of("bootstrap.servers", "b:1", "linger.ms", "5", "a.flag", "true"))));
    assertThat(topology.input().keyIsRecordKey()).isFalse();
    assertThat(topology.input().timeIsRecordTime()).isFalse();
  }

  @Test
  void rowsMayComeLaterThanTheirCommit() {
    assertThat(parse(Mistakes.VALID + "state: {rowsEvery: 30s}").state().rowsEvery())
        .isEqualTo(Duration.ofSeconds(30));
  }

  /** Every key there is, none with its default; but rowsEvery, which excludes two others. */
  static final String EVERYTHING =
      """
      name: all-of-it
      input: {topic: in.1, format: csv, key: user, time: at, timeUnit: seconds, maxBytes: 2048}
      features:
        - {number: amount, scale: key, optional: true}
        - {category: status, dimensions: 3}
        - {time: of-day}
        - {time: of-week}
        - {time: elapsed}
      model: {id: other, hidden: 24, layers: 2, weights: int16, predict: {category: status}}
      training: {window: 10, batch: 11, epochs: 12, learningRate: 0.5, clipNorm: 2, patience: 13,
        dropout: 0.25, validation: 0.1, seed: 99}
      score: {threshold: 1, warmUp: 0, quiet: 7}
      alerts:
        minEvents: 3
        minDuration: 10m
        maxPerHour: 4
        feedback: said
        suppress:
          - daily: 22:00-06:00
          - {weekly: sat 00:00-mon 06:00, key: a*}
          - {from: 1970-01-02, to: "1970-01-03T12:00:00Z", key: k, why: move}
      state: {onSwap: rewarm, rewarm: 16, shadow: 50, encoding: float16, expireAfter: 30d,
        store: rocksdb, cache: 64KB, memory: 2GB, snapshotEvery: 1m, adapt: head, adaptRate: 0.25}
      output: {scores: s, alerts: a, deadLetters: d, interval: 0.5}
      weights: {topic: w, requireSignature: true, keys: [KEY],
        guard: {worse: 0.5, events: 300, within: 1d}}
      delivery: {guarantee: at-least-once, commitInterval: 2s, wave: 1, threads: 4}
      kafka: {bootstrap.servers: "b:1", linger.ms: 5, a.flag: true}
      """
          .replace("KEY", Mistakes.KEY);

  @Test
  void aGaussianIsTheThirdPrediction() {
    Topology topology = parse(Mistakes.VALID.replace("value:", "gaussian:"));

    assertThat(topology.model().predict()).isEqualTo(new GaussianOfValue("temp"));
  }

  @Test
  void theDefaultTopicsFollowTheName() {
    Topology topology = parse(Mistakes.VALID.replace("name: readings", "name: boilers"));

    assertThat(topology.modelId()).isEqualTo("boilers");
    assertThat(topology.output()).isEqualTo(Output.of("boilers"));
    assertThat(topology.output().deadLetters()).isEqualTo("boilers-dead-letters");
  }

  @Test
  void theTopologyIsNotChangedByItsCallersList() {
    Topology topology = parse(Mistakes.VALID);

    assertThat(topology.features()).isUnmodifiable();
    assertThat(topology.kafka().values()).isUnmodifiable();
  }

  @Test
  void aByteOrderMarkIsNoMistake() {
    assertThat(parse("\uFEFF" + Mistakes.VALID)).isEqualTo(parse(Mistakes.VALID));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsToldInOneLineWithItsPlace(Mistake mistake) {
    TopologyException thrown =
        catchThrowableOfType(TopologyException.class, () -> parse(mistake.yaml()));

    assertThat(thrown).isNotNull();
    assertThat(thrown.getMessage().lines()).containsExactlyElementsOf(mistake.lines());
    assertThat(thrown.problems()).hasSameSizeAs(mistake.lines());
  }

  static Stream<Mistake> mistakes() {
    return Mistakes.all();
  }

  @Test
  void aFileIsReadFromDiskAndNamedAsTheUserNamedIt(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("x.yaml");
    Files.writeString(file, Mistakes.VALID);
    assertThat(TopologyFile.read(file, Map.of())).isEqualTo(parse(Mistakes.VALID));

    Files.writeString(file, Mistakes.VALID + "state: {onSwap: no}\n");
    assertThat(messageOf(file))
        .isEqualTo(
            file
                + ":8:17: state.onSwap: no is not a choice here. Write keep or"
                + " reset or rewarm or shadow");
  }

  @Test
  void aFileThatCannotBeReadIsSaidSo(@TempDir Path dir) throws IOException {
    Path absent = dir.resolve("absent.yaml");
    assertThat(messageOf(absent)).isEqualTo(absent + ": there is no such file. Check the path");
    assertThat(messageOf(dir))
        .isEqualTo(dir + ": it cannot be read. Check that it is a file you may read");

    Path latin = dir.resolve("latin.yaml");
    Files.write(latin, "name: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(messageOf(latin)).isEqualTo(latin + ": it is not UTF-8. Save it as UTF-8");

    Path large = dir.resolve("large.yaml");
    Files.writeString(large, "#".repeat(TopologyFile.MAX_SIZE + 1));
    assertThat(messageOf(large))
        .isEqualTo(large + ": it is larger than 1 MiB. A topology needs a few hundred bytes");
    Files.writeString(large, Mistakes.VALID + "#".repeat(900_000));
    assertThat(TopologyFile.read(large, Map.of())).isEqualTo(parse(Mistakes.VALID));
  }

  private static String messageOf(Path file) {
    TopologyException thrown =
        catchThrowableOfType(TopologyException.class, () -> TopologyFile.read(file, Map.of()));
    return thrown.getMessage();
  }

  private static Topology parse(String yaml) {
    return TopologyFile.parse(yaml, "x.yaml", Map.of());
  }
}
