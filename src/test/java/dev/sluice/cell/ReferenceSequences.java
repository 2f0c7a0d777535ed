package dev.sluice.cell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link SequenceStack} and a {@link Pooling} in double precision, one sequence at a time. */
final class ReferenceSequences {

  final List<List<ReferenceCell>> layers = new ArrayList<>();
  final double[][] pooling; // query, weights, bias
  private final Pooling kind;
  private final int forward;

  ReferenceSequences(SequenceStack stack, Pooling kind) {
    for (SequenceLayer layer : stack.layers()) {
      layers.add(layer.directions().stream().map(ReferenceCell::new).toList());
    }
    this.kind = kind;
    this.forward = stack.forwardOutputs();
    this.pooling =
        switch (kind) {
          case Pooling.Additive(var w, var b, var q) ->
              new double[][] {
                ReferenceLstm.widen(q), ReferenceLstm.widen(w), ReferenceLstm.widen(b)
              };
          case Pooling.Dot(var q) -> new double[][] {ReferenceLstm.widen(q)};
          case Pooling.Plain _ -> new double[0][];
        };
  }

  /** Returns what the top layer says of each token. */
  double[][] states(double[][] inputs) {
    double[][] below = inputs;
    for (List<ReferenceCell> layer : layers) {
      double[][] above = new double[below.length][0];
      for (int d = 0; d < layer.size(); d++) {
        layer.get(d).forget();
        for (int step = 0; step < below.length; step++) {
          int t = d > 0 ? below.length - 1 - step : step;
          double[] h = layer.get(d).step(below[t]);
          int width = above[t].length;
          above[t] = Arrays.copyOf(above[t], width + h.length);
          System.arraycopy(h, 0, above[t], width, h.length);
        }
      }
      below = above;
    }
    return below;
  }

  double[] weights(double[][] states) {
    double[] weights = new double[states.length];
    double sum = 0;
    for (int t = 0; t < weights.length; t++) {
      weights[t] = kind == Pooling.Plain.MEAN ? 1 : StrictMath.exp(score(states[t]));
      sum += weights[t];
    }
    for (int t = 0; t < weights.length; t++) {
      weights[t] /= sum;
    }
    return weights;
  }

  private double score(double[] h) {
    double[] read = h;
    if (kind instanceof Pooling.Additive) {
      read = pooling[2].clone();
      for (int a = 0; a < read.length; a++) {
        for (int k = 0; k < h.length; k++) {
          read[a] += pooling[1][a * h.length + k] * h[k];
        }
        read[a] = StrictMath.tanh(read[a]);
      }
    }
    double score = 0;
    for (int a = 0; a < read.length; a++) {
      score += pooling[0][a] * read[a];
    }
    return score;
  }

  double[] context(double[][] states, int width) {
    double[] context = new double[width];
    double[] weights =
        kind instanceof Pooling.Plain p && p != Pooling.Plain.MEAN
            ? new double[0]
            : weights(states);
    for (int k = 0; k < width && states.length > 0; k++) {
      if (kind == Pooling.Plain.LAST) {
        context[k] = states[k < forward ? states.length - 1 : 0][k];
      } else if (kind == Pooling.Plain.MAX) {
        int column = k;
        context[k] = Arrays.stream(states).mapToDouble(h -> h[column]).max().orElseThrow();
      } else {
        for (int t = 0; t < states.length; t++) {
          context[k] += weights[t] * states[t][k];
        }
      }
    }
    return context;
  }
}
