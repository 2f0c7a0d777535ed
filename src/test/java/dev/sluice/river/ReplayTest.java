package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.Models;
import dev.sluice.river.TestModels.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file through the river: the same bytes as the stream, in the order of the lines. */
final class ReplayTest {

  private static final EventSchema SCHEMA = TestModels.SCHEMA.forFiles("k", "t");
  private static final Models<Model> MODELS = Runs.of(TestModels.random(1, Kind.BINS, 20));

  @TempDir Path folder;
  private Path file;
  private final List<Event> events = new ArrayList<>();
  private final List<Integer> eventLines = new ArrayList<>();
  private int lines;

  /** Writes 500 lines, of which one in seven is no event, and keeps the events themselves. */
  @BeforeEach
  void writeFile() throws IOException {
    var random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (lines = 0; lines < 500; lines++) {
      String key = "key-" + random.nextInt(10);
      long time = TestEvents.START + lines * 1000L;
      String fields = "\"v\":" + random.nextGaussian() + ",\"w\":\"ok\"}";
      if (random.nextInt(7) == 0) {
        text.append("{\"broken\":").append(lines).append("}\n");
      } else {
        text.append("{\"k\":\"" + key + "\",\"t\":" + time + "," + fields + "\n");
        events.add(TestEvents.decode(key, time, "{" + fields));
        eventLines.add(lines + 1);
      }
    }
    file = Files.writeString(folder.resolve("events.jsonl"), text);
  }

  /** Writes down what comes out. */
  private static final class Log implements Replay.Sink {
    final List<String> results = new ArrayList<>();
    final List<Long> lines = new ArrayList<>();
    final List<String> rejections = new ArrayList<>();
    private final ResultJson json = new ResultJson();

    @Override
    public void result(long line, Result result) {
      lines.add(line);
      results.add(new String(json.write(result), StandardCharsets.UTF_8));
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      lines.add(line);
      rejections.add(line + " " + text + " " + why.reason());
    }
  }

  private static Replay replay(int wave, Models<Model> models) {
    var settings = new Settings(wave, 0.9, Optional.empty(), new Settings.OnSwap.Keep());
    return new Replay(SCHEMA, settings, new FixedModels<>(models));
  }

  private Log run(Replay replay) throws IOException {
    var log = new Log();
    try (EventFile open = EventFile.open(file, SCHEMA)) {
      replay.run(open, log);
    }
    return log;
  }

  @Test
  void aFileGivesTheResultsOfItsEventsInTheOrderOfItsLines() throws IOException {
    List<String> expected = new Runs(new Settings.OnSwap.Keep(), MODELS).all(events, 1);
    List<Long> inOrder = new ArrayList<>();
    for (long line = 1; line <= lines; line++) {
      inOrder.add(line);
    }
    for (int wave : new int[] {1, 2, 3, 7, 64, 256}) {
      Replay replay = replay(wave, MODELS);
      Log log = run(replay);
      assertThat(log.results).as("waves of %d", wave).isEqualTo(expected);
      assertThat(log.lines).isEqualTo(inOrder);
      assertThat(replay.scored()).isEqualTo(events.size());
      assertThat(replay.rejected()).isEqualTo(lines - events.size());
      long alerts = expected.stream().filter(json -> json.contains("\"alert\":true")).count();
      assertThat(replay.alerts()).isEqualTo(alerts);
    }
  }

  @Test
  void aLineThatIsNoEventIsHandedBackAsItStands() throws IOException {
    Log log = run(replay(64, MODELS));
    assertThat(log.rejections).hasSize(lines - events.size());
    for (String rejection : log.rejections) {
      int line = Integer.parseInt(rejection.substring(0, rejection.indexOf(' ')));
      assertThat(rejection).isEqualTo(line + " {\"broken\":" + (line - 1) + "} NO_KEY");
      assertThat(eventLines).doesNotContain(line);
    }
  }

  @Test
  void oneFileMayFollowAnother() throws IOException {
    List<Event> twice = new ArrayList<>(events);
    twice.addAll(events);
    List<String> expected = new Runs(new Settings.OnSwap.Keep(), MODELS).all(twice, 1);
    Replay replay = replay(64, MODELS);
    List<String> results = new ArrayList<>(run(replay).results);
    results.addAll(run(replay).results);
    assertThat(results).isEqualTo(expected);
    assertThat(replay.scored()).isEqualTo(twice.size());
  }

  @Test
  void anEventThatTheModelCannotAnswerIsRejectedInItsPlace() throws IOException {
    Replay replay = replay(7, Runs.of(BrokenModelTest.overflowing(Kind.BINS)));
    Log log = run(replay);
    assertThat(log.lines).isSorted().hasSize(lines);
    List<String> unscorable =
        log.rejections.stream().filter(text -> text.endsWith("UNSCORABLE")).toList();
    // Every second event of each key meets an empty memory and is scored.
    assertThat(unscorable).hasSize((int) (events.size() - replay.scored()));
    assertThat(replay.scored()).isBetween(events.size() / 2L, events.size() / 2L + 10);
    assertThat(replay.rejected()).isEqualTo(lines - replay.scored());
  }
}
