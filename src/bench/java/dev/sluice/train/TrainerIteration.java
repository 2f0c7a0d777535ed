package dev.sluice.train;

import dev.sluice.cell.Adam;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.Parameter;
import dev.sluice.event.Event;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.BinHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.GatePanels;
import dev.sluice.kernel.LinearPanels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * One iteration of {@link Trainer}, at the defaults of a topology: 32 lanes of 64 steps, one layer
 * of H units over H / 4 inputs, a head of 40 bins. What is timed is all that {@code sluice train}
 * does for a window: it deals the events, places their inputs, goes forward, judges, goes back,
 * clips, and takes a step of Adam.
 */
public final class TrainerIteration implements AutoCloseable {

  /** B, windows side by side. */
  public static final int LANES = 32;

  /** T, events of a window. */
  public static final int STEPS = 64;

  /** O, bins of the head. */
  public static final int BINS = 40;

  private final int inputs;
  private final int hidden;
  private final Samples samples;
  private final Network network;
  private final Lanes plan;
  private final Team team;
  private final Adam adam;
  private final Random random = new Random(1);
  private int windowsLeft;

  /** Prepares training on {@code threads} threads. */
  public TrainerIteration(int hidden, int threads) {
    this.hidden = hidden;
    this.inputs = hidden / 4;
    Lab lab = Lab.of(yaml(inputs, hidden));
    History history = history(lab, inputs);
    Split split = Split.at(history, Long.MAX_VALUE);
    FeatureSpec spec = Fit.features(lab.topology(), history, split);
    this.samples = Samples.encode(history, spec, Fit.targets(lab.topology(), spec));
    Head head = knowing(Fit.heads(lab.topology(), spec, samples, split).getFirst());
    this.network = Network.fresh(List.of(Cell.LSTM), spec, List.of(head), new int[] {hidden}, 3);
    this.plan = new Lanes(history, split, LANES, STEPS);
    this.adam = new Adam(network.parameters(), Adam.Options.of(1e-4));
    this.team = new Team(network, samples, plan, new Worker.Shape(STEPS, 0), 1, threads);
  }

  /** Training begins with a head that says the same of all; gradients would stop at it. */
  private static Head knowing(Head head) {
    var random = new Random(5);
    float[] weights = new float[head.linear().weights().length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (2 * random.nextFloat() - 1) / 8;
    }
    return Fit.with(head, new Linear(weights, head.linear().bias(), head.linear().inputs()));
  }

  private static String yaml(int inputs, int hidden) {
    StringBuilder yaml = new StringBuilder("features: [");
    for (int i = 0; i < inputs; i++) {
      yaml.append(i == 0 ? "" : ", ").append("{number: x").append(i).append("}");
    }
    yaml.append("]\nmodel: {hidden: ").append(hidden);
    return yaml.append(", predict: {value: x0, bins: ").append(BINS).append("}}\n").toString();
  }

  private static History history(Lab lab, int inputs) {
    HistoryBuilder builder = new HistoryBuilder(lab.schema());
    Event event = lab.schema().newEvent();
    var random = new Random(7);
    for (int k = 0; k < LANES; k++) {
      event.key(("key" + k).getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < Lanes.LEAST_WINDOWS * STEPS; i++) {
        event.timeMillis(1000L * i);
        for (int slot = 0; slot < inputs; slot++) {
          event.number(slot, 2 * random.nextDouble() - 1);
        }
        builder.add(event);
      }
    }
    return builder.build(HistoryBuilder.Order.ARRIVAL);
  }

  /** Learns from the next window. */
  public void run() {
    gradients();
    adam.step(1);
  }

  /** Goes through the next window, up to the gradients of all weights. */
  public void gradients() {
    if (windowsLeft == 0) {
      plan.deal(random);
      windowsLeft = plan.windows();
    }
    plan.advance();
    windowsLeft--;
    team.run();
  }

  /** Goes through the first window, and returns this: its inputs, weights and gradients. */
  public TrainerIteration window() {
    if (windowsLeft == 0) {
      gradients();
    }
    return this;
  }

  /** Returns the inputs of the window that the plan is at, shape (T, B, I). */
  public float[] inputs() {
    float[] all = new float[STEPS * LANES * inputs];
    Floats row = Floats.allocate(inputs);
    for (int r = 0; r < STEPS * LANES; r++) {
      samples.inputs(plan.event(r / LANES, r % LANES), network.tables(), row, 0);
      row.read(0, all, r * inputs, inputs);
    }
    return all;
  }

  /** Returns the distributions aimed at in the window that the plan is at, shape (T, B, O). */
  public float[] targets() {
    float[] all = new float[STEPS * LANES * BINS];
    for (int r = 0; r < STEPS * LANES; r++) {
      int event = plan.predicted(r / LANES, r % LANES);
      if (event != Lanes.NONE) {
        ((BinHead) network.heads().getFirst()).spread(samples.target(0, event), all, r * BINS);
      }
    }
    return all;
  }

  /** Returns the weights of the recurrent layer. */
  public CellLayer layer() {
    return network.lstm().toStack().layers().getFirst();
  }

  /** Returns the weights of the layer below the head, shape (O, H). */
  public float[] headWeights() {
    return network.linears().getFirst().weights();
  }

  /** Returns its bias, shape (O). */
  public float[] headBias() {
    return network.linears().getFirst().bias();
  }

  /** Returns the gradients by input weights, hidden weights, bias and weights of the head. */
  public float[][] weightGradients() {
    float[][] all = {
      new float[4 * hidden * inputs],
      new float[4 * hidden * hidden],
      new float[4 * hidden],
      new float[BINS * hidden]
    };
    Parameter lstm = network.lstm().parameters().getFirst();
    GatePanels.layBack(lstm.gradient(), all[0], all[1], all[2], hidden);
    Parameter head = network.linears().getFirst().parameters().getFirst();
    LinearPanels.layBack(head.gradient(), all[3], new float[BINS]);
    return all;
  }

  @Override
  public void close() {
    team.close();
  }
}
