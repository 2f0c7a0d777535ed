package dev.sluice.river;

import dev.sluice.cell.GateActivity;
import dev.sluice.event.Event;
import dev.sluice.feature.Encoder;
import dev.sluice.feature.Feature;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The heads of one model at work: what they foretell of a wave, and how each event compares.
 *
 * <p>The surprise of an event is measured by channel: one for each view of a value, the mean over
 * the fields that came, and where there are several fields one more for the strangest of them, whom
 * the mean would drown out.
 */
final class Judge {

  private static final Kernel KERNEL = Kernel.best();

  private final Part[] parts;
  private final List<String> predicted;
  private final Encoder encoder;
  private final Judgement judgement;
  private final int hiddenAt;
  private final @Nullable Adaptation adaptation;
  private int stripAt; // Of the adaptation, from the beginning of a row.
  private final Floats[] pages; // By row of the wave.
  private final long[] starts;
  private final int views;

  private final double[] values; // By field; NaN where none came.
  private final double[] nats; // By field; NaN where none came.
  private final double[] surprises; // By channel.
  private final int[] counts; // By view: fields that came.

  /** One head, and its answers. */
  private static final class Part {
    final Head head;
    final int feature;
    final boolean isElapsed;
    final int field;
    final int stride;
    final Floats outputs; // [wave, stride]
    final float[] row; // (O)
    final boolean[] answered; // By row: whether the head gave numbers.
    double expected; // Of the last event judged: in units of the scale, or a word's id.
    double target; // Of the last event judged: in units of the scale, NaN for none, or a word's id.

    Part(Head head, Model model, int wave) {
      this.head = head;
      this.feature = model.targetIndex(head);
      this.isElapsed = model.features().features().get(feature) instanceof Feature.Time;
      this.field = model.predicted().indexOf(head.field());
      this.stride = head.linear().panels().paddedOutputs();
      this.outputs = Floats.allocate((long) wave * stride);
      this.row = new float[head.linear().outputs()];
      this.answered = new boolean[wave];
    }
  }

  /**
   * Creates a judge.
   *
   * @param adaptation of the keys, null for none
   */
  Judge(Model model, Encoder encoder, Settings settings, @Nullable Adaptation adaptation) {
    this.adaptation = adaptation;
    this.pages = new Floats[settings.wave()];
    this.starts = new long[pages.length];
    this.encoder = encoder;
    this.judgement = new Judgement(settings.interval());
    this.predicted = model.predicted();
    this.hiddenAt = model.cell().hiddenAt();
    this.parts =
        model.heads().stream()
            .map(head -> new Part(head, model, settings.wave()))
            .toArray(Part[]::new);
    this.views = views(model);
    this.values = new double[predicted.size()];
    this.nats = new double[predicted.size()];
    this.surprises = new double[channels(predicted.size(), views)];
    this.counts = new int[views];
  }

  private static int views(Model model) {
    return 1 + model.heads().stream().mapToInt(Head::view).max().orElseThrow();
  }

  /** Returns in how many ways the surprise of so many fields is measured. */
  static int channels(int fields, int views) {
    return views + (fields > 1 ? 1 : 0);
  }

  /** Says where the strip of the adaptation is within a row. */
  void stripAt(int floats) {
    stripAt = floats;
  }

  /** Says where a row of the wave is, for those who correct, learn and explain. */
  void place(int row, Floats page, long start) {
    pages[row] = page;
    starts[row] = start;
  }

  /** Returns what the gates do with an event of the wave, before its key is stepped. */
  GateActivity.Gates open(GateActivity gates, int row, float[] inputs) {
    return gates.of(pages[row], starts[row], inputs);
  }

  /** Returns the names of the predicted fields. */
  List<String> predicted() {
    return predicted;
  }

  /** Returns in how many ways a surprise is measured. */
  int channels() {
    return surprises.length;
  }

  /**
   * Lets every head foretell what comes next; it reads memories as the previous event left them.
   */
  void predict(RowSet rows, Scratch scratch) {
    for (int h = 0; h < parts.length; h++) {
      Part part = parts[h];
      var panels = part.head.linear().panels();
      KERNEL.linearWithin(panels, hiddenAt, rows, part.outputs, scratch);
      for (int i = 0; i < rows.count(); i++) {
        long at = (long) i * part.stride;
        if (adaptation != null) {
          long start = starts[i];
          adaptation.correct(h, pages[i], start + hiddenAt, start + stripAt, part.outputs, at);
        }
        // Probabilities hide a NaN among the logits; the sum of the exponentials shows it.
        part.answered[i] =
            !part.head.isSoftmax()
                || Double.isFinite(KERNEL.softmax(part.outputs, at, part.row.length, scratch));
      }
    }
  }

  /**
   * Compares an event with what was foretold.
   *
   * @param row of the event in the wave
   * @param stats the key's statistics from {@code at} on; read only
   * @param result takes what was foretold of each field
   * @return whether the answers were numbers at all
   */
  boolean judge(int row, Event event, double[] stats, int at, Result result) {
    boolean finite = true;
    Arrays.fill(values, Double.NaN);
    Arrays.fill(nats, Double.NaN);
    Arrays.fill(surprises, 0);
    Arrays.fill(counts, 0);
    for (Part part : parts) {
      part.outputs.read((long) row * part.stride, part.row, 0, part.row.length);
      Foretold foretold = result.fields().get(part.field);
      if (part.head instanceof WordHead words) {
        judgeWord(words, part, event, foretold);
      } else {
        judgeValue(part, event, stats, at, foretold);
      }
      finite = finite && part.answered[row] && judgement.isFinite();
      if (!Double.isNaN(part.target)) {
        take(part);
      }
    }
    sumUp(result);
    return finite;
  }

  /**
   * Takes what the steps of an event came to in place of the last of them. Words are predicted, of
   * one field in one view.
   */
  void sumUp(Tally tally, Result result) {
    nats[0] = tally.mean();
    surprises[0] = tally.mean();
    result.fields().getFirst().steps(tally);
  }

  /**
   * Lets the heads learn from the last event judged, where keys adapt.
   *
   * @param row of the event in the wave
   */
  void adapt(int row) {
    if (adaptation == null) {
      return;
    }
    long start = starts[row];
    for (int h = 0; h < parts.length; h++) {
      Part part = parts[h];
      if (!Double.isNaN(part.target)) {
        adaptation.learn(h, part.row, part.target, pages[row], start + hiddenAt, start + stripAt);
      }
    }
  }

  private void judgeWord(WordHead head, Part part, Event event, Foretold foretold) {
    part.target = encoder.categoryId(part.feature, event);
    head.judge(part.row, 0, part.target, judgement);
    part.expected = judgement.likeliest();
    foretold.word(encoder.word(part.feature, event), head, judgement);
  }

  /** Where the value is missing there is a prediction, but nothing to judge. */
  private void judgeValue(Part part, Event event, double[] stats, int at, Foretold foretold) {
    int view = part.head.view();
    double seen = encoder.number(part.feature, event, stats, at);
    part.target = encoder.scaled(part.feature, view, event, stats, at);
    values[part.field] = seen;
    if (Double.isNaN(part.target)) {
      part.head.expect(part.row, 0, judgement);
    } else {
      part.head.judge(part.row, 0, part.target, judgement);
    }
    part.expected = judgement.expected();
    if (part.isElapsed && part.head instanceof BinHead bins) {
      double unit = encoder.deviation(part.feature, view, stats, at);
      foretold.elapsed(seen, judgement, bins.median(part.row, 0), unit);
      values[part.field] = foretold.value();
    } else if (view == 0) {
      double mean = encoder.mean(part.feature, view, event, stats, at);
      foretold.value(seen, judgement, mean, encoder.deviation(part.feature, view, stats, at));
    }
  }

  private void take(Part part) {
    int view = part.head.view();
    double surprise = judgement.surprise();
    double field = nats[part.field];
    surprises[view] += surprise;
    counts[view]++;
    // Of a field in several views, the mean: views come one after the other.
    nats[part.field] = Double.isNaN(field) ? surprise : field + (surprise - field) / (view + 1);
  }

  private void sumUp(Result result) {
    for (int view = 0; view < views; view++) {
      surprises[view] /= Math.max(1, counts[view]);
    }
    for (int f = 0; f < nats.length; f++) {
      double of = Double.isNaN(nats[f]) ? 0 : nats[f];
      result.fields().get(f).surprise(of);
      if (nats.length > 1) {
        surprises[views] = StrictMath.max(surprises[views], of);
      }
    }
  }

  /**
   * Says what would have been normal in place of the last event judged.
   *
   * @param stats the key's statistics from {@code at} on; read only
   * @param result whose fields take it
   * @param inputs shape (I) of the event; turned into those of the event that was expected
   */
  void imagine(Event event, double[] stats, int at, Result result, float[] inputs) {
    for (Part part : parts) {
      int view = part.head.view();
      encoder.imagine(part.feature, view, part.expected, inputs);
      if (view == 0 && !(part.head instanceof WordHead) && !Double.isNaN(part.target)) {
        double nearest = part.head.nearestNormal(part.row, 0, part.target, judgement);
        double mean = encoder.mean(part.feature, view, event, stats, at);
        double deviation = encoder.deviation(part.feature, view, stats, at);
        double value = mean + deviation * nearest;
        Foretold of = result.fields().get(part.field);
        of.nearestNormal(part.isElapsed ? Encoder.seconds(value) : value);
      }
    }
  }

  /** Returns whether anything came of what was foretold of the last event judged. */
  boolean came() {
    return counts[0] > 0;
  }

  /** Returns the surprise of the last event judged, in nats: the mean of what came. */
  double surprise() {
    double sum = 0;
    int count = 0;
    for (double of : nats) {
      sum += Double.isNaN(of) ? 0 : of;
      count += Double.isNaN(of) ? 0 : 1;
    }
    return count == 0 ? 0 : sum / count;
  }

  /** Returns the surprise of the last event judged by channel, in nats; live. */
  double[] surprises() {
    return surprises;
  }

  /** Returns what came by field, NaN for nothing or a word; live. */
  double[] values() {
    return values;
  }

  /** Returns the surprise of the last event judged by field, in nats, NaN for nothing; live. */
  double[] nats() {
    return nats;
  }
}
