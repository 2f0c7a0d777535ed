package dev.sluice.train;

import dev.sluice.cell.Adam;
import dev.sluice.cell.Snapshot;
import dev.sluice.cell.TrainableStack;
import dev.sluice.config.Topology;
import dev.sluice.config.Training;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.Head;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.model.Profile;
import dev.sluice.river.Declared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Learns a model by truncated back-propagation through time with carried memory. An epoch after
 * which the validation part is not predicted better than ever halves the learning rate; {@code
 * patience} such epochs in a row end the training, and the weights of the best epoch are kept.
 * (Halving beat half a cosine on all four worlds of {@code TrainerTest}, which stopped too early.)
 *
 * <p>The same task gives the same model, bit for bit.
 */
public final class Trainer {

  private static final double SLOWDOWN = 0.5;

  private static final double BETA1 = 0.9;

  /** Less than the usual 0.999: an epoch may be 50 windows, in which Adam has to find its step. */
  private static final double BETA2 = 0.99;

  private static final double EPSILON = 1e-8;

  /** Events before the validation part that an epoch's evaluation builds memories up from. */
  private static final int WARM_UP_WINDOWS = 4;

  private final Task task;
  private final Topology topology;
  private final Training options;
  private final Progress progress;
  private final Split split;
  private final Samples samples;
  private final Network network;
  private final Lanes lanes;
  private final Evaluator evaluator;
  private final Random order;

  private int epochs;
  private int bestEpoch;
  private double learningRate;

  private Trainer(Task task, Progress progress) {
    this.task = task;
    this.topology = task.topology();
    this.options = topology.training();
    this.progress = progress;
    task.parent().ifPresent(model -> Parent.check(model, topology));
    History history = task.recorded().history();
    this.split = Split.of(history, options.validation(), options.split(), options.window());
    FeatureSpec spec =
        task.parent().map(Model::features).orElseGet(() -> Fit.features(topology, history, split));
    this.samples = Samples.encode(history, spec, Fit.targets(topology, spec));
    this.order = new Random(task.seed());
    long weightsSeed = order.nextLong();
    this.network =
        task.parent()
            .map(model -> Network.of(spec, model.heads(), TrainableStack.from(model.cell())))
            .orElseGet(() -> fresh(spec, weightsSeed));
    this.lanes = new Lanes(history, split, options.batch(), options.window());
    this.evaluator = new Evaluator(samples, split);
    this.learningRate = options.learningRate();
  }

  private Network fresh(FeatureSpec spec, long seed) {
    List<Head> heads = Fit.heads(topology, spec, samples, split);
    int[] hidden = Network.hidden(topology.model().hidden(), topology.model().layers());
    return Network.fresh(topology.model().layerCells(), spec, heads, hidden, seed);
  }

  /**
   * Trains a model.
   *
   * @param progress is told how far it has come
   * @throws TrainingException if there is too little to learn from, the parent does not fit the
   *     topology, or no epoch gave finite weights
   */
  public static Trained train(Task task, Progress progress) {
    return new Trainer(task, progress).train();
  }

  private Trained train() {
    double baselineNats = baselineNats();
    Snapshot best = new Snapshot(network.parameters());
    // A network that knows nothing yet says what the marginal distribution says.
    double bestNats = task.parent().isPresent() ? validationNats() : baselineNats;
    Adam adam = new Adam(network.parameters(), adamOptions());
    var shape = new Worker.Shape(options.window(), options.dropout());
    int threads = Runtime.getRuntime().availableProcessors();
    try (Team team = new Team(network, samples, lanes, shape, order.nextLong(), threads)) {
      while (epochs < options.epochs() && epochs - bestEpoch < options.patience()) {
        double trainNats = epoch(team, adam);
        epochs++;
        double nats = validationNats();
        boolean isBest = nats < bestNats;
        if (isBest) {
          bestNats = nats;
          bestEpoch = epochs;
          best.take();
        }
        learningRate *= isBest ? 1 : SLOWDOWN;
        progress.epoch(epochs, trainNats, nats, isBest);
      }
    }
    best.restore();
    return result(baselineNats);
  }

  /** What heads say that know nothing of the past: the mean over them. */
  private double baselineNats() {
    List<Head> heads = network.heads();
    double nats = 0;
    for (int h = 0; h < heads.size(); h++) {
      nats += Marginal.of(heads.get(h), h, samples, split).validationNats(samples, split);
    }
    return nats / heads.size();
  }

  private Adam.Options adamOptions() {
    return new Adam.Options(options.learningRate(), BETA1, BETA2, EPSILON, 0);
  }

  /** Goes once through the training part; returns the mean surprise on the way. */
  private double epoch(Team team, Adam adam) {
    lanes.deal(order);
    adam.learningRate(learningRate);
    double nats = 0;
    long predicted = 0;
    for (int w = 0; w < lanes.windows(); w++) {
      lanes.advance();
      team.run();
      adam.step(options.clipNorm());
      nats += team.nats();
      predicted += team.predicted();
      progress.window(epochs + 1, w + 1, lanes.windows(), nats / predicted);
    }
    return nats / predicted;
  }

  private double validationNats() {
    return evaluator
        .validation(model(Map.of(), Optional.empty()), WARM_UP_WINDOWS * options.window())
        .nats();
  }

  private Trained result(double baselineNats) {
    Model unmeasured = model(Map.of(), Optional.empty());
    Evaluator.Whole whole = evaluator.whole(unmeasured);
    if (!Double.isFinite(whole.validation().nats())) {
      throw new TrainingException(
          "Training gave no finite weights. Make training.learningRate smaller than "
              + options.learningRate());
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("trainNats", whole.training().nats());
    metrics.put(Lineage.VALIDATION_NATS, whole.validation().nats());
    metrics.put("baselineNats", baselineNats);
    metrics.put("validationAbsoluteError", whole.validation().meanAbsoluteError());
    metrics.put("validationEvents", (double) whole.validation().events());
    metrics.put("epochs", (double) epochs);
    metrics.put("bestEpoch", (double) bestEpoch);
    metrics.put("parameters", (double) network.size());
    metrics.values().removeIf(value -> !Double.isFinite(value)); // No value, no error of it.
    Profile profile = Profiler.heldOut(unmeasured, samples.history(), split, whole.surprise());
    return new Trained(
        model(metrics, Optional.of(profile)),
        split,
        whole.training(),
        whole.validation(),
        baselineNats,
        epochs,
        bestEpoch,
        network.size());
  }

  private Model model(Map<String, Double> metrics, Optional<Profile> profile) {
    Lineage lineage =
        new Lineage(
            task.recorded().source(),
            split.trainEvents(),
            task.seed(),
            task.parent().map(Model::version).orElse(0),
            task.code(),
            metrics,
            profile);
    return new Model(
        topology.modelId(),
        task.version(),
        network.features(),
        network.lstm().toStack(),
        network.heads(),
        Declared.calibration(topology.score()),
        lineage);
  }
}
