package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.artifact.ArtifactWriter;
import dev.sluice.config.TopologyFile;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Timeline;
import dev.sluice.stream.ScoringTopology;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The peer that Sluice is compared with does the same work: its results are Sluice's. */
final class BaselineTest {

  private static final int EVENTS = 600;
  private static final int KEYS = 20;
  private static final long STACK_BYTES = 64 << 20; // ONNX Runtime overflows the usual one.

  @TempDir private Path folder;

  @Test
  void resultsAreThoseOfSluice() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                compareAll();
              } catch (Exception | AssertionError e) {
                thrown.set(e);
              }
            },
            "baseline",
            STACK_BYTES);
    thread.start();
    thread.join();
    assertThat(thrown.get()).isNull();
  }

  private void compareAll() throws Exception {
    Model model = BenchModels.of(24);
    var scenario = new Scenario(24, KEYS, Load.Skew.UNIFORM, 1, 100, "10s", 1);
    Run run = new Run("bench", Contender.SLUICE, scenario, "events");
    var file = TopologyFile.parse(run.topology(), "it", Map.of());
    var models =
        FixedModels.of(
            Timeline.empty(BenchModels.ID).plus(1, Timeline.IMMEDIATE, 0, Timeline.What.PUBLISH),
            Map.of(1, model));
    var sluice = new org.apache.kafka.streams.Topology();
    ScoringTopology.of(file, models, new SimpleMeterRegistry()).addTo(sluice);
    Path artifact = folder.resolve("model");
    Files.write(artifact, ArtifactWriter.write(model));
    Properties properties = new Properties();
    properties.put(BaselineMain.INPUT, run.input());
    properties.put(BaselineMain.OUTPUT, run.scores());
    properties.put(BaselineMain.ALERTS, run.alerts());
    properties.put(BaselineMain.MODEL, artifact.toString());
    properties.put(BaselineMain.CACHED, "true");

    List<byte[]> ours = results(sluice, run, "ours");
    List<byte[]> theirs = results(BaselineMain.topology(properties), run, "theirs");

    assertThat(ours).hasSize(EVENTS).hasSameSizeAs(theirs);
    var json = new ObjectMapper();
    for (int i = 0; i < EVENTS; i++) {
      Agreement.compare(i, json.readTree(ours.get(i)), json.readTree(theirs.get(i)));
    }
  }

  private List<byte[]> results(org.apache.kafka.streams.Topology topology, Run run, String state) {
    var properties = new Properties();
    properties.put("application.id", state);
    properties.put("state.dir", folder.resolve(state).toString());
    List<byte[]> results = new ArrayList<>();
    try (var driver = new TopologyTestDriver(topology, properties)) {
      var bytes = new ByteArraySerializer();
      var in = driver.createInputTopic(run.input(), bytes, bytes);
      Load load = new Load(KEYS, Load.Skew.UNIFORM, 3);
      for (int i = 0; i < EVENTS; i++) {
        Load.Sent sent = load.next();
        in.pipeInput(sent.key(), sent.value());
      }
      var reader = new ByteArrayDeserializer();
      driver
          .createOutputTopic(run.scores(), reader, reader)
          .readRecordsToList()
          .forEach(record -> results.add(record.value()));
    }
    return results;
  }
}
