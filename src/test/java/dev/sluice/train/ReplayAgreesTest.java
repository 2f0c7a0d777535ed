package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.event.EventFile;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the trainer measures is what the stream reports: the same events, the same surprise. */
final class ReplayAgreesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lstm | value: x, bins: 40",
        "lstm | gaussian: x",
        "gru | value: x, bins: 40",
        "peephole | value: x, bins: 40",
        "coupled, gru | gaussian: x"
      })
  void ofValues(String cells, String predict) throws IOException {
    Lab lab =
        Lab.of(
            "features: [{number: x, scale: key}, {time: of-day}, {time: elapsed}]\n"
                + "model: {hidden: 9, layers: 2, cells: ["
                + cells
                + "], predict: {"
                + predict
                + "}}\ntraining: {window: 20, epochs: 2}\n");
    var random = new Random(1);
    double[] levels = new double[30];
    long time = 0;
    for (int i = 0; i < 6000; i++) {
      int key = (int) (30 * random.nextDouble() * random.nextDouble()); // Some are rare.
      levels[key] = 0.8 * levels[key] + random.nextGaussian();
      time += random.nextInt(100_000);
      long late = random.nextInt(20) == 0 ? 500_000 : 0;
      lab.number("k" + key, time - late, 100 * key + levels[key]);
    }
    agree(lab);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 300})
  void ofWords(int keys) throws IOException {
    Lab lab =
        Lab.of(
            """
            features: [{category: w, dimensions: 5}, {time: of-week}]
            model: {hidden: 17, predict: {category: w}}
            training: {window: 20, epochs: 2}
            """);
    var random = new Random(2);
    for (int i = 0; i < 5000; i++) {
      lab.word("k" + random.nextInt(keys), i * 60_000L, "w" + random.nextInt(1 + i / 500));
    }
    agree(lab);
  }

  private void agree(Lab lab) throws IOException {
    Path file = lab.file(folder);
    Recorded recorded = FileHistory.read(file, lab.schema(), TimeRange.ALL, _ -> {});
    Task task = Task.of(lab.topology(), recorded, 1, "test");

    Trained trained = Trainer.train(task, Progress.none());

    var surprise = new Surprise(trained);
    replay(lab, file, trained.model(), surprise);
    assertThat(surprise.events).isEqualTo(trained.validation().events());
    assertThat(surprise.nats / surprise.events)
        .isCloseTo(trained.validation().nats(), within(1e-9));
    if (!Double.isNaN(trained.validation().meanAbsoluteError())) {
      double error = surprise.absolute / surprise.events;
      assertThat(error).isCloseTo(trained.validation().meanAbsoluteError(), within(1e-9));
    }
    assertThat(Evaluation.of(trained.model(), recorded.history(), trained.split()))
        .isEqualTo(trained.validation());
  }

  private static void replay(Lab lab, Path file, Model model, Replay.Sink sink) throws IOException {
    var replay =
        new Replay(lab.schema(), Declared.settings(lab.topology()), FixedModels.of(1, model));
    try (EventFile events = EventFile.open(file, lab.schema())) {
      replay.run(events, sink);
    }
  }

  /** Adds up what the stream says of the events that validate. */
  private static final class Surprise implements Replay.Sink {

    final Trained trained;
    final java.util.Set<String> validating = new java.util.HashSet<>();
    long events;
    double nats;
    double absolute;

    Surprise(Trained trained) {
      this.trained = trained;
    }

    @Override
    public void result(long line, Result result) {
      String key = new String(result.key(), java.nio.charset.StandardCharsets.UTF_8);
      // A key validates from its first event at the cutoff on.
      if (result.timeMillis() >= trained.split().cutoffMillis()) {
        validating.add(key);
      }
      if (validating.contains(key)) {
        events++;
        nats += result.surprise();
        absolute += Math.abs(result.expected() - result.value());
      }
    }

    @Override
    public void rejected(long line, String text, Rejection why) {
      throw new AssertionError(why);
    }
  }
}
