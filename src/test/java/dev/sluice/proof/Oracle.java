package dev.sluice.proof;

import dev.sluice.config.Topology;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import dev.sluice.score.Verdicts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What must come out: the file of the events through the river, without Kafka and without
 * interruption.
 *
 * @param results by event: the bytes of the result, null where it cannot be scored
 * @param alerts by event: whether the result is an alert
 * @param reasons by event: why it cannot be scored, null where it can
 */
public record Oracle(byte @Nullable [][] results, boolean[] alerts, @Nullable Rejection[] reasons) {

  /** Replays {@code events}, which {@code file} holds. */
  public static Oracle of(Topology topology, Events events, Path file, ModelSource<Model> models)
      throws IOException {
    return of(topology, events, file, models, Verdicts.Source.SILENT);
  }

  /** Replays {@code events}, of whose alerts something was said. */
  static Oracle of(
      Topology topology,
      Events events,
      Path file,
      ModelSource<Model> models,
      Verdicts.Source feedback)
      throws IOException {
    int count = events.count();
    var oracle =
        new Oracle(
            new byte @Nullable [count][], new boolean[count], new @Nullable Rejection[count]);
    EventSchema schema = Declared.schema(topology).forFiles("key", "time");
    var json = new ResultJson();
    try (EventFile lines = EventFile.open(file, schema)) {
      new Replay(schema, Declared.settings(topology).withFeedback(feedback), models)
          .run(
              lines,
              new Replay.Sink() {
                @Override
                public void result(long line, Result result) {
                  int index = Math.toIntExact(line - 1);
                  oracle.results[index] = json.write(result);
                  oracle.alerts[index] = result.isAlert();
                }

                @Override
                public void rejected(long line, String text, Rejection why) {
                  oracle.reasons[Math.toIntExact(line - 1)] = why;
                }
              });
    }
    return oracle;
  }

  /** Returns the events that can be scored. */
  public int[] scored() {
    return IntStream.range(0, results.length).filter(i -> results[i] != null).toArray();
  }

  /** Returns the events that raise an alert. */
  public int[] alerted() {
    return IntStream.range(0, results.length).filter(i -> alerts[i]).toArray();
  }

  /** Returns the events that cannot be scored. */
  public int[] rejected() {
    return IntStream.range(0, results.length).filter(i -> reasons[i] != null).toArray();
  }

  /** Returns the results in the order of the events. */
  public List<byte[]> inOrder() {
    return IntStream.of(scored()).mapToObj(i -> results[i]).toList();
  }
}
