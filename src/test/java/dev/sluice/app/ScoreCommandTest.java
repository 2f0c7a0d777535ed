package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command as typed, on a real model: what labels and charts say, and how mistakes end. */
final class ScoreCommandTest {

  private static final int EVENTS = 2000;
  private static final int FAULT = 1500; // And the four events after it.

  @TempDir private static Path folder;
  private static Path topology;
  private static Path events;
  private static Path model;

  private static Ran score(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("score", topology, "--model", model, "--input", events, "--output"));
    words.add(folder.resolve("out.jsonl"));
    words.addAll(List.of(more));
    return Ran.of(words.toArray());
  }

  private static Instant minute(int event) {
    return Instant.EPOCH.plusSeconds(60L * event);
  }

  @BeforeAll
  static void train() throws IOException {
    topology =
        Files.writeString(
            folder.resolve("lab.yaml"),
            """
            name: lab
            input: {topic: lab}
            features: [{number: x}]
            model: {hidden: 8, predict: {gaussian: x}}
            training: {window: 20, epochs: 3}
            """);
    List<String> lines = new ArrayList<>(List.of("key,time,x"));
    var random = new Random(1);
    for (int i = 0; i < EVENTS; i++) {
      double x = Math.sin(i / 4.0) + 0.1 * random.nextGaussian();
      lines.add("k," + minute(i) + "," + (i >= FAULT && i < FAULT + 5 ? 9 : x));
    }
    events = Files.write(folder.resolve("events.csv"), lines);
    model = folder.resolve("lab.safetensors");
    assertThat(Ran.of("train", topology, "--input", events, "--output", model).code()).isZero();
  }

  private static Path labels(String... rows) throws IOException {
    return Files.writeString(
        folder.resolve("labels.csv"), "key,start,end\n" + String.join("\n", rows));
  }

  @Test
  void whereWordsArePredictedItSaysHowOftenTheLikeliestCame() throws IOException {
    Path cases =
        Files.writeString(
            folder.resolve("cases.yaml"),
            """
            name: cases
            input: {topic: cases}
            features: [{category: step, dimensions: 4}]
            model: {hidden: 8, cells: [gru], predict: {category: step}}
            training: {window: 8, epochs: 40, learningRate: 0.02, validation: 0.1}
            """);
    List<String> lines = new ArrayList<>(List.of("key,time,step"));
    for (int i = 0; i < 600; i++) {
      lines.add("case" + i / 3 + "," + minute(i) + "," + "abc".charAt(i % 3));
    }
    Path events = Files.write(folder.resolve("cases.csv"), lines);
    Path trained = folder.resolve("cases.safetensors");
    assertThat(Ran.of("train", cases, "--input", events, "--output", trained).code()).isZero();
    Path out = folder.resolve("cases.jsonl");

    Ran all = Ran.of("score", cases, "--model", trained, "--input", events, "--output", out);
    Ran last =
        Ran.of(
            "score",
            cases,
            "--model",
            trained,
            "--input",
            events,
            "--output",
            out,
            "--words-from",
            3);

    assertThat(all.err())
        .contains("1.0000 of 400 words were the likeliest one, from each key's event 2 on");
    assertThat(last.err()).contains("1.0000 of 200 words");
    assertThat(score().err()).doesNotContain("words");
  }

  @Test
  void labelsSayWhatTheAlertsAreWorth() throws IOException {
    Path labels = labels("k," + minute(FAULT) + "," + minute(FAULT + 9));

    Ran text = score("--labels", labels);
    Ran json = score("--labels", labels, "--json");

    assertThat(text.code()).as(text.err()).isZero();
    assertThat(text.out())
        .contains("2,000 events of 1 keys, 1 labelled anomalies")
        .contains("1 of 1 found")
        .contains("standard");
    JsonNode report = new ObjectMapper().readTree(json.out());
    // The alerts are those of the file.
    long alerts =
        Files.readAllLines(folder.resolve("out.jsonl")).stream()
            .filter(line -> line.contains("\"alert\":true"))
            .count();
    assertThat(report.path("alerts").asLong()).isEqualTo(alerts);
    assertThat(report.path("recall").asDouble()).isEqualTo(1);
    assertThat(report.path("meanDelaySeconds").asDouble()).isZero();
    assertThat(report.path("nab").get(0).path("best").asDouble()).isGreaterThan(99);
  }

  @Test
  void theGeneralModelScoresWithoutTraining() throws IOException {
    String text = Files.readString(topology);
    Path keyed =
        Files.writeString(folder.resolve("keyed.yaml"), text.replace("x}]", "x, scale: key}]"));
    Path out = folder.resolve("general.jsonl");
    Path written = folder.resolve("general.safetensors");

    Ran ran = Ran.of("score", keyed, "--general", "--input", events, "--output", out);
    Ran refused = Ran.of("score", topology, "--general", "--input", events, "--output", out);
    Ran write = Ran.of("models", "general", keyed, "--output", written);
    Path again = folder.resolve("again.jsonl");
    Ran same = Ran.of("score", keyed, "--model", written, "--input", events, "--output", again);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(write.code() + same.code()).as(write.err() + same.err()).isZero();
    List<String> lines = Files.readAllLines(again);
    assertThat(lines.getFirst()).contains("\"warmingUp\":true", "\"modelVersion\":1");
    // It has never seen a sine of 25 events, and hears the fault nevertheless.
    assertThat(lines.subList(FAULT, FAULT + 5)).anyMatch(line -> line.contains("\"alert\":true"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err())
        .isEqualToIgnoringNewLines(
            topology
                + ": the general model scores one number with scale: key, and model.predict asks"
                + " for something else. Train a model, or give that number scale: key and predict"
                + " it alone");
    assertThat(Ran.of("models", "general", keyed).err())
        .startsWith("Give TOPOLOGY and --output ARTIFACT, or --series FILE");
    assertThat(Ran.of("score", keyed, "--input", events, "--output", out).err())
        .startsWith("Give one of --model ARTIFACT, --published and --general");
  }

  @Test
  void aKeyIsDrawn() throws IOException {
    Path chart = folder.resolve("k.svg");

    Ran all = score("--chart", chart, "--chart-key", "k", "--json");
    String whole = Files.readString(chart);
    Ran part = score("--chart", chart, "--chart-key", "k", "--chart-from", minute(FAULT - 100));

    assertThat(all.code()).as(all.err()).isZero();
    assertThat(new ObjectMapper().readTree(all.out()).path("events").asInt()).isEqualTo(EVENTS);
    assertThat(whole).contains("events: 2,000, ");
    assertThat(part.code()).as(part.err()).isZero();
    assertThat(Files.readString(chart)).contains("events: 600, ").contains("class=\"alert\"");
  }

  @Test
  void rulesSuppressAndSaySo() throws IOException {
    // The fault is on the second day at one in the morning.
    Path ruled =
        Files.writeString(
            folder.resolve("ruled.yaml"),
            Files.readString(topology)
                + "alerts: {suppress: [{daily: 01:00-01:10, key: k, why: backup}]}\n");
    Path csv = folder.resolve("out.csv");
    Ran all = score();
    List<String> before = Files.readAllLines(folder.resolve("out.jsonl"));

    Ran ran = Ran.of("score", ruled, "--model", model, "--input", events, "--output", csv);

    assertThat(all.err()).doesNotContain("suppressed");
    assertThat(before.get(FAULT)).contains("\"alert\":true");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).containsPattern("alerts, [1-9]\\d* suppressed, 0 rejected");
    List<String> rows = Files.readAllLines(csv);
    assertThat(rows.getFirst()).endsWith(",modelVersion,suppressed");
    assertThat(rows.get(1 + FAULT)).endsWith(",false,false,1,backup (daily 01:00-01:10)");
  }

  @Test
  void mistakesAreOneLineAndAnExitCode() throws IOException {
    Path chart = folder.resolve("none.svg");
    assertThat(score("--chart", chart).code()).isEqualTo(2);
    assertThat(score("--chart-key", "k").code()).isEqualTo(2);
    assertThat(score("--chart-from", minute(0)).code()).isEqualTo(2);
    Ran unknown = score("--chart", chart, "--chart-key", "q");
    Ran empty = score("--chart", chart, "--chart-key", "k", "--chart-from", minute(EVENTS));
    Ran foreign = score("--labels", labels("q," + minute(0) + "," + minute(9)));
    Ran wrong = score("--labels", labels("k,0"));

    assertThat(unknown.err()).endsWith("--chart-key: no event has the key q\n");
    assertThat(empty.err())
        .endsWith("--chart: no event of k lies between --chart-from and --chart-to\n");
    assertThat(foreign.err())
        .endsWith(
            "labels.csv: none of the 1 labels has an event of its key in it. Do keys and times"
                + " match those of the input?\n");
    assertThat(wrong.err()).endsWith("labels.csv:2: 2 cells where the header has 3\n");
    for (Ran ran : List.of(unknown, empty, foreign, wrong)) {
      assertThat(ran.code()).isEqualTo(1);
    }
    assertThat(chart).doesNotExist();
  }
}
