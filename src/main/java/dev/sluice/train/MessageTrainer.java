package dev.sluice.train;

import dev.sluice.cell.Adam;
import dev.sluice.cell.Snapshot;
import dev.sluice.model.Lineage;
import dev.sluice.model.MessageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Learns a model of messages. The learning rate falls to 0 over the epochs. What is kept is a
 * moving average of the weights (Polyak and Juditsky 1992), as it was after the epoch that did best
 * on the validation part.
 *
 * <p>The same task gives the same model, bit for bit, on however many cores.
 */
public final class MessageTrainer {

  /** Groups of messages whose gradients are collected apart, as many as may be taken at once. */
  private static final int GROUPS = 2;

  /** Of all steps, about the last tenth counts in the average of the weights. */
  private static final float RECENT = 9;

  /** Batches among which messages of like length are sought. */
  private static final int BUCKET_BATCHES = 20;

  private final Task task;
  private final MessageTraining options;
  private final List<LabelledMessage> training;
  private final List<LabelledMessage> validation;
  private final MessageNames names;
  private final MessageSamples samples;
  private final MessageNetwork network;
  private final Snapshot average;
  private final SplittableRandom random;
  private int steps;
  private final List<MessageWorker> workers = new ArrayList<>();

  /**
   * What is to be learned.
   *
   * @param id of the model
   * @param version of the model that results
   * @param messages to learn from, of which some are put aside
   * @param source where they come from, for the lineage
   * @param seed of everything random
   * @param code version of Sluice, for the lineage
   */
  public record Task(
      String id,
      int version,
      List<LabelledMessage> messages,
      MessageShape shape,
      MessageTraining training,
      String source,
      long seed,
      String code) {}

  /**
   * What training came to.
   *
   * @param model with the averaged weights of the best epoch
   * @param validation what it is worth on what it did not see
   * @param epochs how many were gone through
   * @param bestEpoch after which it was best
   */
  public record Result(MessageModel model, MessageScore validation, int epochs, int bestEpoch) {}

  private MessageTrainer(Task task) {
    this.task = task;
    this.options = task.training();
    this.random = new SplittableRandom(task.seed());
    List<LabelledMessage> all = new ArrayList<>(task.messages());
    all.removeIf(message -> message.tokens().isEmpty());
    shuffle(all, random.split());
    int aside = (int) Math.ceil(options.validation() * all.size());
    if (aside >= all.size()) {
      throw new TrainingException(
          all.size() + " messages are too few to learn from. Give at least two");
    }
    this.validation = all.subList(0, aside);
    this.training = all.subList(aside, all.size());
    this.names = MessageNames.of(training, task.shape().views());
    this.samples = new MessageSamples(training, names);
    this.network = MessageNetwork.fresh(task.shape(), names, random.nextLong());
    this.average = new Snapshot(network.parameters());
    int lanes = Math.ceilDiv(options.batch(), GROUPS);
    for (int g = 0; g < GROUPS; g++) {
      MessageNetwork shard = g == 0 ? network : network.shard();
      workers.add(new MessageWorker(shard, samples, options, lanes, random.split()));
    }
  }

  private static void shuffle(List<LabelledMessage> messages, SplittableRandom random) {
    for (int i = messages.size() - 1; i > 0; i--) {
      java.util.Collections.swap(messages, i, random.nextInt(i + 1));
    }
  }

  /**
   * Trains a model.
   *
   * @param progress is told how far it has come, in nats
   * @throws TrainingException if there is too little to learn from, or the thread is interrupted
   */
  public static Result train(Task task, Progress progress) {
    return new MessageTrainer(task).train(progress);
  }

  private Result train(Progress progress) {
    var best = new Snapshot(network.parameters());
    var present = new Snapshot(network.parameters());
    var adam = new Adam(network.parameters(), Adam.Options.of(options.learningRate()));
    MessageScore bestScore = new MessageScore(0, 0, Double.POSITIVE_INFINITY);
    int epoch = 0;
    int bestEpoch = 0;
    int threads = Math.min(GROUPS, Runtime.getRuntime().availableProcessors());
    try (var crew = new Crew(threads - 1)) {
      while (epoch < options.epochs() && epoch - bestEpoch < options.patience()) {
        double nats = epoch(epoch, adam, crew, progress);
        epoch++;
        present.take();
        average.restore();
        MessageScore score = MessageScore.of(model(Map.of()), validation);
        boolean isBest = score.worth() > bestScore.worth();
        if (isBest) {
          bestScore = score;
          bestEpoch = epoch;
          best.take();
        }
        present.restore();
        progress.epoch(epoch, nats, score.nats(), isBest);
      }
    }
    best.restore();
    return new Result(model(metrics(bestScore, epoch, bestEpoch)), bestScore, epoch, bestEpoch);
  }

  private static Map<String, Double> metrics(MessageScore score, int epochs, int bestEpoch) {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(Lineage.VALIDATION_NATS, score.nats());
    metrics.put("validationAccuracy", score.accuracy());
    metrics.put("validationChunkF1", score.chunkF1());
    metrics.put("epochs", (double) epochs);
    metrics.put("bestEpoch", (double) bestEpoch);
    metrics.values().removeIf(value -> !Double.isFinite(value));
    return metrics;
  }

  private MessageModel model(Map<String, Double> metrics) {
    var lineage = new Lineage(task.source(), training.size(), task.seed(), 0, task.code(), metrics);
    return network.toModel(task.id(), task.version(), names, lineage);
  }

  /** Goes once through the training part; returns the mean loss on the way. */
  private double epoch(int epoch, Adam adam, Crew crew, Progress progress) {
    List<int[]> batches = batches();
    double nats = 0;
    for (int b = 0; b < batches.size(); b++) {
      double done = (epoch + (double) b / batches.size()) / options.epochs();
      adam.learningRate(options.learningRate() * (1 - done));
      nats += step(batches.get(b), crew);
      adam.step(options.clipNorm());
      steps++;
      average.blend((RECENT + 1) / (RECENT + steps));
      progress.window(epoch + 1, b + 1, batches.size(), nats / (b + 1));
    }
    return nats / batches.size();
  }

  private double step(int[] batch, Crew crew) {
    if (Thread.currentThread().isInterrupted()) {
      throw new TrainingException("Training was interrupted");
    }
    int tokens = Arrays.stream(batch).map(samples::length).sum();
    var scales = new MessageWorker.Scales(1f / batch.length, 1f / tokens);
    crew.run(
        GROUPS,
        g -> {
          int from = batch.length * g / GROUPS;
          workers.get(g).run(batch, from, batch.length * (g + 1) / GROUPS, scales);
        });
    double nats = workers.getFirst().nats();
    for (MessageWorker worker : workers.subList(1, GROUPS)) {
      network.collect(worker.network());
      nats += worker.nats();
    }
    return nats;
  }

  /** Deals the messages to batches of like length, in random order. */
  private List<int[]> batches() {
    int[] order = IntStream.range(0, training.size()).toArray();
    shuffle(order);
    List<int[]> batches = new ArrayList<>();
    int bucket = BUCKET_BATCHES * options.batch();
    for (int from = 0; from < order.length; from += bucket) {
      int[] some =
          Arrays.stream(order, from, Math.min(order.length, from + bucket))
              .boxed()
              .sorted(Comparator.comparingInt(samples::length))
              .mapToInt(Integer::intValue)
              .toArray();
      for (int at = 0; at < some.length; at += options.batch()) {
        batches.add(Arrays.copyOfRange(some, at, Math.min(some.length, at + options.batch())));
      }
    }
    int[] dealt = IntStream.range(0, batches.size()).toArray();
    shuffle(dealt);
    return Arrays.stream(dealt).mapToObj(batches::get).toList();
  }

  private void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = values[i];
      values[i] = values[other];
      values[other] = kept;
    }
  }
}
