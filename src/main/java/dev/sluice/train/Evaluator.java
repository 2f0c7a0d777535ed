package dev.sluice.train;

import dev.sluice.head.BinHead;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.head.WordHead;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowSet;
import dev.sluice.kernel.Scratch;
import dev.sluice.model.Model;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Takes models over encoded events as {@code river} takes them over a stream: predict, judge, step;
 * many keys at a time. {@code TrainerTest} holds the two to the same surprise.
 */
final class Evaluator {

  private static final Kernel KERNEL = Kernel.best();
  private static final int WAVE = 256;

  private final Samples samples;
  private final History history;
  private final Split split;
  private final Judgement judgement = new Judgement(0.5);

  Evaluator(Samples samples, Split split) {
    this.samples = samples;
    this.history = samples.history();
    this.split = split;
  }

  /**
   * Both parts of a history.
   *
   * @param surprise of the events of the validation part, one by one
   */
  record Whole(Evaluation training, Evaluation validation, Values surprise) {}

  /** Evaluates on everything, each key from its first event on. */
  Whole whole(Model model) {
    var run = new Run(model, Integer.MAX_VALUE, true);
    run.go();
    return new Whole(run.training.result(), run.validation.result(), run.surprise);
  }

  /**
   * Evaluates on the validation part alone.
   *
   * @param warmUp events before it, at most, that memories are built up from
   */
  Evaluation validation(Model model, int warmUp) {
    var run = new Run(model, warmUp, false);
    run.go();
    return run.validation.result();
  }

  private static final class Tally {
    long events;
    long predictions;
    long firsts; // Of the first head.
    double nats;
    double perUnit;
    double absolute;

    Evaluation result() {
      return new Evaluation(
          events, nats / predictions, perUnit / predictions, absolute / Math.max(1, firsts));
    }
  }

  /** One model's way through the events. */
  private final class Run {

    final Tally training = new Tally();
    final Tally validation = new Tally();
    final Values surprise; // Of the validation part, where both are judged.

    final Model model;
    final List<Head> heads;
    final boolean judgesTraining;
    final int[] from; // By key: the event it begins with.
    final Floats[] tables;
    final int memoryFloats;
    final int inputStride;
    final int[] outputStrides; // By head.
    final Floats memory; // [wave][memoryFloats]
    final Floats inputs; // [wave][inputStride]
    final Floats[] outputs; // By head: [wave][its stride]
    final float[] outputRow; // (O) of the widest head
    final double[] binUnits; // By head.
    final RowSet active = new RowSet(WAVE);
    final RowSet judged = new RowSet(WAVE);
    final int[] judgedEvents = new int[WAVE];
    final Scratch scratch;

    Run(Model model, int warmUp, boolean judgesTraining) {
      this.model = model;
      this.heads = model.heads();
      this.judgesTraining = judgesTraining;
      this.surprise = new Values(judgesTraining ? split.heldOut() : 0);
      this.from = new int[history.keys()];
      for (int k = 0; k < from.length; k++) {
        boolean isNeeded = judgesTraining || split.boundary(k) < history.end(k);
        from[k] =
            isNeeded ? Math.max(history.start(k), split.boundary(k) - warmUp) : history.end(k);
      }
      this.tables = Samples.tables(model.features());
      this.memoryFloats = model.cell().memoryFloats();
      this.inputStride = Floats.pad(samples.width());
      this.outputStrides =
          heads.stream().mapToInt(head -> head.linear().panels().paddedOutputs()).toArray();
      this.memory = Floats.allocate((long) WAVE * memoryFloats);
      this.inputs = Floats.allocate((long) WAVE * inputStride);
      this.outputs = new Floats[heads.size()];
      Arrays.setAll(outputs, h -> Floats.allocate((long) WAVE * outputStrides[h]));
      this.outputRow = new float[Arrays.stream(outputStrides).max().orElseThrow()];
      this.scratch = model.cell().scratch(WAVE);
      this.binUnits =
          heads.stream()
              .mapToDouble(h -> h instanceof BinHead b ? StrictMath.log(b.bins().width()) : 0)
              .toArray();
    }

    void go() {
      // Keys of like length together, so that waves stay full.
      Integer[] keys = new Integer[history.keys()];
      Arrays.setAll(keys, k -> k);
      Arrays.sort(keys, Comparator.comparingInt(k -> from[k] - history.end(k)));
      for (int first = 0; first < keys.length; first += WAVE) {
        wave(keys, first, Math.min(WAVE, keys.length - first));
      }
    }

    private void wave(Integer[] keys, int first, int count) {
      memory.fill(0, (long) count * memoryFloats, 0);
      int left = count;
      for (int step = 0; left > 0; step++) {
        active.clear();
        judged.clear();
        int row = 0;
        // The longest come first: those that are through are the last ones.
        while (row < left && from[keys[first + row]] + step < history.end(keys[first + row])) {
          take(keys[first + row], step, row);
          row++;
        }
        left = row;
        if (judged.count() > 0) {
          judge();
        }
        model.cell().step(active, inputs, inputStride, scratch);
      }
    }

    private void take(int key, int step, int row) {
      int index = from[key] + step;
      active.add(memory, (long) row * memoryFloats, memoryFloats);
      samples.inputs(index, tables, inputs, (long) row * inputStride);
      boolean isWanted = judgesTraining || index >= split.boundary(key);
      if (isWanted && samples.isJudged(index)) {
        // The sign says which part it belongs to.
        judgedEvents[judged.count()] = index >= split.boundary(key) ? index : -1 - index;
        judged.add(memory, (long) row * memoryFloats, memoryFloats);
      }
    }

    private void judge() {
      for (int h = 0; h < outputs.length; h++) {
        KERNEL.linearWithin(
            heads.get(h).linear().panels(), model.cell().hiddenAt(), judged, outputs[h], scratch);
      }
      for (int row = 0; row < judged.count(); row++) {
        int event = judgedEvents[row];
        if (event >= 0) {
          double mean = judge(row, event, validation);
          if (judgesTraining) {
            surprise.add(mean);
          }
        } else {
          judge(row, -1 - event, training);
        }
      }
    }

    /** Judges an event by all heads that have something to predict; returns the mean surprise. */
    private double judge(int row, int index, Tally tally) {
      double nats = 0;
      int count = 0;
      for (int h = 0; h < outputs.length; h++) {
        if (!Double.isNaN(samples.target(h, index))) {
          nats += judge(h, (long) row * outputStrides[h], index, tally);
          count++;
        }
      }
      tally.events++;
      return nats / count;
    }

    private double judge(int h, long at, int index, Tally tally) {
      Head head = heads.get(h);
      int size = head.linear().outputs();
      if (head.isSoftmax()) {
        KERNEL.softmax(outputs[h], at, size, scratch);
      }
      outputs[h].read(at, outputRow, 0, size);
      double target = samples.target(h, index);
      head.judge(outputRow, 0, target, judgement);
      tally.predictions++;
      tally.nats += judgement.surprise();
      if (head instanceof WordHead) {
        tally.perUnit += judgement.surprise();
        tally.absolute = Double.NaN;
        return judgement.surprise();
      }
      double deviation = samples.deviation(h, index);
      tally.perUnit += judgement.surprise() + binUnits[h] + StrictMath.log(deviation);
      if (h == 0) { // Errors of several fields, or of one in two views, do not add up.
        tally.absolute += deviation * Math.abs(judgement.expected() - target);
        tally.firsts++;
      }
      return judgement.surprise();
    }
  }
}
