package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.head.BinHead;
import dev.sluice.head.Linear;
import dev.sluice.model.Model;
import dev.sluice.registry.Timeline;
import dev.sluice.sandbox.SandboxBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** A bad model under load, with a guard in a process of its own beside the stream. */
@TestInstance(Lifecycle.PER_CLASS)
final class GuardIT {

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int KEYS = 100;
  private static final int RATE = 1_000;

  @TempDir private Path folder;
  private SandboxBroker broker;

  @BeforeAll
  void startBroker() {
    broker = SandboxBroker.start();
  }

  @AfterAll
  void stopBroker() {
    broker.close();
  }

  @Test
  void aBadVersionIsRolledBackOnceAndTheStreamLosesNothing() throws Exception {
    Stage stage = guarded("guarded", "onSwap: keep");
    try (Child run = stage.run("a", Map.of());
        var load = new SteadyLoad(stage, KEYS, 2, RATE);
        Outputs outputs = awaitScoring(run, stage);
        Child guard = guard(stage)) {
      warm(load, outputs);

      // No better and no worse: both are random.
      stage.publish(ProofModels.version(2), Timeline.IMMEDIATE);
      guard.await("Watching version 2, which follows version 1", PATIENCE);
      run.await(line -> isInForce(line, 2), "version 2 is in force", PATIENCE);
      int before = outputs.count();
      outputs.awaitCount(before + KEYS * 60, Duration.ofSeconds(60));

      stage.publish(bad(), Timeline.IMMEDIATE);
      String verdict = guard.await("Version 3 is worse: ", PATIENCE);
      assertThat(verdict).endsWith(" Rolled back to version 2, in force at once.");
      run.await(line -> isInForce(line, 4), "version 2 is in force again", PATIENCE);
      assertThat(guard.hasSaid("Version 2 is worse")).as(guard.said()).isFalse();

      List<Outputs.Found> scores = allScores(stage, load, outputs);
      Set<List<Long>> places =
          scores.stream()
              .map(found -> List.of((long) found.partition(), found.offset()))
              .collect(Collectors.toSet());
      assertThat(scores).as("results").hasSize(load.sent());
      assertThat(places).as("different events").hasSize(load.sent());
      assertThat(scores.getLast().text()).contains("\"modelVersion\":2");

      guard.terminate(PATIENCE);
      assertThat(guard.lines().stream().filter(line -> line.contains("Rolled back"))).hasSize(1);
      assertThat(guard.lines()).noneMatch(line -> line.startsWith("\tat "));
      assertThat(Typed.on(stage, List.of("models", "list")))
          .startsWith("readings: version 2 is in force now.")
          .contains("rolled back");
    }
  }

  /** It has judged nothing yet, and is judged all the same. */
  @Test
  void aBadShadowIsRolledBackBeforeAnyResultIsItsOwn() throws Exception {
    Stage stage = guarded("shadowed", "onSwap: shadow, shadow: 100000");
    try (Child run = stage.run("a", Map.of());
        var load = new SteadyLoad(stage, KEYS, 2, RATE);
        Outputs outputs = awaitScoring(run, stage);
        Child guard = guard(stage)) {
      warm(load, outputs);
      stage.publish(bad(), Timeline.IMMEDIATE);
      String verdict = guard.await("Version 3 is worse: ", PATIENCE);
      assertThat(verdict).endsWith(" Rolled back to version 1, in force at once.");
      run.await(line -> isInForce(line, 3), "version 1 is in force again", PATIENCE);
      List<Outputs.Found> scores = allScores(stage, load, outputs);
      assertThat(scores)
          .hasSize(load.sent())
          .allMatch(found -> found.text().contains("\"modelVersion\":1"))
          .anyMatch(found -> found.text().contains("\"shadow\":{\"version\":3,"));
      assertThat(scores.getLast().text()).doesNotContain("shadow");
      assertThat(Typed.on(stage, List.of("models", "list", "--live", "1h")))
          .contains("3, as a shadow");
    }
  }

  /** A topology with a guard, its input, and a version in force. */
  private Stage guarded(String name, String state) throws Exception {
    Stage stage = Stage.set(broker.bootstrap(), folder, name, "key: record", "{wave: 64}", state);
    String bound = "weights: {guard: {worse: 1, events: 800, within: 90s}, ";
    Files.writeString(
        stage.topologyPath(), Files.readString(stage.topologyPath()).replace("weights: {", bound));
    stage.createInput(2);
    stage.publish(ProofModels.version(1), Timeline.IMMEDIATE);
    return stage;
  }

  private static void warm(SteadyLoad load, Outputs outputs) throws Exception {
    load.everyKeyOnce();
    outputs.awaitCount(KEYS * 80, Duration.ofSeconds(60)); // Warm, and some more.
  }

  /** Ends the load, and waits for the results of all of it. */
  private static List<Outputs.Found> allScores(Stage stage, SteadyLoad load, Outputs outputs)
      throws Exception {
    load.stop();
    String topic = stage.topology().output().scores();
    outputs.await(() -> outputs.of(topic).size() >= load.sent(), Duration.ofSeconds(60));
    return outputs.of(topic);
  }

  private static boolean isInForce(String line, long sequence) {
    return line.contains("Model in force") && line.contains("sequence=\"" + sequence + "\"");
  }

  private static Outputs awaitScoring(Child run, Stage stage) throws InterruptedException {
    run.await("Scoring.", PATIENCE);
    return stage.outputs();
  }

  private static Child guard(Stage stage) {
    return Child.sluice(
        "guard",
        List.of(
            "models",
            "guard",
            stage.topologyPath().toString(),
            "--bootstrap",
            stage.bootstrap(),
            "--immediate"));
  }

  /** Sure of the lowest bin whatever comes: what a scaling mistake would make. */
  private static Model bad() {
    Model model = ProofModels.version(3);
    BinHead head = (BinHead) model.head();
    int bins = head.bins().count();
    float[] bias = new float[bins];
    bias[0] = 12;
    var linear = new Linear(new float[bins * head.linear().inputs()], bias, head.linear().inputs());
    return new Model(
        model.id(),
        model.version(),
        model.features(),
        model.cell(),
        List.of(new BinHead(head.field(), linear, head.bins())),
        model.calibration(),
        model.lineage());
  }
}
