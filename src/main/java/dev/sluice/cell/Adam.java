package dev.sluice.cell;

import dev.sluice.kernel.AdamRates;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.TrainingKernel;
import java.util.ArrayList;
import java.util.List;

/**
 * Adam with decoupled weight decay (Kingma and Ba 2015; Loshchilov and Hutter 2019), with the
 * arithmetic of PyTorch's {@code AdamW}.
 */
public final class Adam {

  private static final TrainingKernel KERNEL = TrainingKernel.best();

  private final List<Parameter> parameters;
  private final Options options;
  private final List<Floats> means = new ArrayList<>();
  private final List<Floats> squares = new ArrayList<>();
  private double learningRate;
  private double beta1Power = 1;
  private double beta2Power = 1;

  /**
   * What the optimiser needs to know.
   *
   * @param learningRate step size, above 0
   * @param beta1 decay of the mean of gradients, 0 up to but not 1
   * @param beta2 decay of the mean of their squares, 0 up to but not 1
   * @param epsilon added to the root of the mean of squares, above 0
   * @param weightDecay share of a weight lost per step, times the learning rate; 0 for none
   */
  public record Options(
      double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {

    /** Checks the ranges. */
    public Options {
      require("learningRate", learningRate, learningRate > 0 && learningRate < 10);
      require("beta1", beta1, beta1 >= 0 && beta1 < 1);
      require("beta2", beta2, beta2 >= 0 && beta2 < 1);
      require("epsilon", epsilon, epsilon > 0);
      require("weightDecay", weightDecay, weightDecay >= 0 && weightDecay < 1);
    }

    /** Returns the usual options: 0.9, 0.999, 1e-8, no weight decay. */
    public static Options of(double learningRate) {
      return new Options(learningRate, 0.9, 0.999, 1e-8, 0);
    }

    private static void require(String name, double value, boolean holds) {
      if (!holds) {
        throw new IllegalArgumentException(name + ": " + value + " is out of range for Adam");
      }
    }
  }

  /** Creates an optimiser for {@code parameters}, with moments of 0. */
  public Adam(List<Parameter> parameters, Options options) {
    this.parameters = List.copyOf(parameters);
    this.options = options;
    this.learningRate = options.learningRate();
    for (Parameter parameter : parameters) {
      means.add(Floats.allocate(parameter.value().size()));
      squares.add(Floats.allocate(parameter.value().size()));
    }
  }

  /** Sets the step size from the next step on. */
  public void learningRate(double rate) {
    learningRate = rate;
  }

  /**
   * Takes one step against the gradients, after scaling them down so that their norm over all
   * parameters is at most {@code clipNorm}; then sets them to 0. If the norm is not finite, takes
   * no step, and only sets the gradients to 0.
   *
   * @param clipNorm above 0; infinity for no clipping
   * @return the norm before clipping
   */
  public double step(double clipNorm) {
    double norm = gradientNorm();
    if (!Double.isFinite(norm)) {
      parameters.forEach(p -> p.gradient().fill(0, p.gradient().size(), 0));
      return norm;
    }
    AdamRates rates = nextRates(norm > clipNorm ? clipNorm / norm : 1);
    for (int i = 0; i < means.size(); i++) {
      Parameter parameter = parameters.get(i);
      KERNEL.adam(parameter.value(), parameter.gradient(), means.get(i), squares.get(i), rates);
    }
    return norm;
  }

  private double gradientNorm() {
    double sum = 0;
    for (Parameter parameter : parameters) {
      sum += KERNEL.sumOfSquares(parameter.gradient());
    }
    return Math.sqrt(sum);
  }

  private AdamRates nextRates(double gradientScale) {
    beta1Power *= options.beta1();
    beta2Power *= options.beta2();
    return new AdamRates(
        (float) gradientScale,
        (float) options.beta1(),
        (float) options.beta2(),
        (float) (learningRate / (1 - beta1Power)),
        (float) (1 / Math.sqrt(1 - beta2Power)),
        (float) options.epsilon(),
        (float) (learningRate * options.weightDecay()));
  }
}
