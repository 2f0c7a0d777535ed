package dev.sluice.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses the kernel, once per process. */
final class KernelChoice {

  /** Narrows the choice for tests: 128, 256, 512 or scalar. */
  static final String PROPERTY = "sluice.kernel.bits";

  static final Kernel BEST;

  static final TrainingKernel BEST_TRAINING;

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  static {
    // Only what follows the test mentions, and so loads, classes that need the module.
    boolean vector = hasVectors(System.getProperty(PROPERTY));
    BEST = vector ? VectorKernel.create() : new ScalarKernel();
    BEST_TRAINING = vector ? VectorTrainingKernel.create() : new ScalarTrainingKernel();
  }

  private KernelChoice() {}

  private static boolean hasVectors(@Nullable String bits) {
    if (bits != null && !Set.of("128", "256", "512", "scalar").contains(bits)) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + bits + ": no such kernel. Give 128, 256, 512 or scalar");
    }
    return !"scalar".equals(bits) && ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }
}
