package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.Topology;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.Settings;
import dev.sluice.train.FileHistory;
import dev.sluice.train.Task;
import dev.sluice.train.TimeRange;
import dev.sluice.train.Trainer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Learns and scores the series of a benchmark, which are written to a file in between. */
record BenchmarkRun(Topology topology, PrintWriter err) {

  /** Writes events as JSON lines with {@code key}. */
  interface Events {
    void to(Path file) throws IOException;
  }

  /** Takes results by series. */
  interface Rows {

    /**
     * Takes one.
     *
     * @param series its key
     * @param row among the events of the key, from 0
     */
    void take(String series, int row, Result result);
  }

  /** Returns a model that is learned from the events. */
  Model train(Events events) throws IOException {
    return with(
        events,
        file -> {
          var history = FileHistory.read(file, schema(), TimeRange.ALL, _ -> {});
          Task task = Task.of(topology, history, 1, Main.VERSION);
          return Trainer.train(task, new EpochLines(err, "training")).model();
        });
  }

  /** Scores the events, in their order. */
  void score(Model model, Settings settings, Events events, Rows rows) throws IOException {
    with(
        events,
        file -> {
          var replay = new Replay(schema(), settings, FixedModels.of(model.version(), model));
          try (EventFile lines = EventFile.open(file, schema());
              Progress progress = Progress.on(err, "rows scored")) {
            replay.run(lines, new ByRow(rows, progress));
          }
          return replay;
        });
  }

  private EventSchema schema() {
    return Declared.schema(topology).forFiles("key", "time");
  }

  private interface Use<T> {
    T of(Path file) throws IOException;
  }

  private static <T> T with(Events events, Use<T> use) throws IOException {
    Path file = Files.createTempFile("sluice-benchmark", ".jsonl");
    try {
      events.to(file);
      return use.of(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Counts the rows of each series. */
  private static final class ByRow implements Replay.Sink {

    private final Rows rows;
    private final Progress progress;
    private final Map<String, Integer> seen = new HashMap<>();

    ByRow(Rows rows, Progress progress) {
      this.rows = rows;
      this.progress = progress;
    }

    @Override
    public void result(long line, Result result) {
      String series = new String(result.key(), UTF_8);
      rows.take(series, seen.merge(series, 1, Integer::sum) - 1, result);
      progress.add(1);
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      throw new Complaint("line " + line + " cannot be scored: " + why.getMessage());
    }
  }
}
