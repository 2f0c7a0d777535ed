package dev.sluice.train;

import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.river.Declared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Small worlds to learn: topologies, and events made by the test. */
final class Lab {

  private final Topology topology;
  private final EventSchema schema;
  private final HistoryBuilder builder;
  private final List<String> lines = new ArrayList<>();

  private Lab(Topology topology) {
    this.topology = topology;
    this.schema = Declared.schema(topology).forFiles("key", "time");
    this.builder = new HistoryBuilder(schema);
  }

  /** A world of {@code yaml}, to which name and input are added. */
  static Lab of(String yaml) {
    String whole = "name: lab\ninput: {topic: lab}\n" + yaml;
    return new Lab(TopologyFile.parse(whole, "lab.yaml", Map.of()));
  }

  Topology topology() {
    return topology;
  }

  EventSchema schema() {
    return schema;
  }

  /** Adds an event whose only field is a number. */
  Lab number(String key, long timeMillis, double value) {
    Event event = begin(key, timeMillis);
    event.number(0, value);
    builder.add(event);
    String field = schema.numbers().getFirst().name();
    lines.add(
        "{\"key\":\""
            + key
            + "\",\"time\":"
            + timeMillis
            + (Double.isNaN(value) ? "" : ",\"" + field + "\":" + value)
            + "}");
    return this;
  }

  /** Adds an event whose only field is a word. */
  Lab word(String key, long timeMillis, String word) {
    Event event = begin(key, timeMillis);
    event.word(0, word);
    builder.add(event);
    String field = schema.words().getFirst().name();
    lines.add(
        "{\"key\":\"" + key + "\",\"time\":" + timeMillis + ",\"" + field + "\":\"" + word + "\"}");
    return this;
  }

  /** Adds an event of numbers, NaN for one that is missing. */
  Lab numbers(String key, long timeMillis, double... values) {
    Event event = begin(key, timeMillis);
    for (int i = 0; i < values.length; i++) {
      event.number(i, values[i]);
    }
    builder.add(event);
    return this;
  }

  private Event begin(String key, long timeMillis) {
    Event event = schema.newEvent();
    event.key(key.getBytes(StandardCharsets.UTF_8));
    event.timeMillis(timeMillis);
    return event;
  }

  History history() {
    return builder.build(HistoryBuilder.Order.ARRIVAL);
  }

  /** The same events as a file. */
  Path file(Path folder) throws IOException {
    return Files.write(folder.resolve("lab.jsonl"), lines);
  }

  static String keyOf(History history, int k) {
    return new String(history.key(k), StandardCharsets.UTF_8);
  }
}
