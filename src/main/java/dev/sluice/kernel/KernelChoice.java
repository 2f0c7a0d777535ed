package dev.sluice.kernel;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Chooses the kernel, once per process. */
final class KernelChoice {

  /** Narrows the choice for tests: 128, 256, 512 or scalar. */
  static final String PROPERTY = "sluice.kernel.bits";

  static final Kernel BEST = choose(System.getProperty(PROPERTY));

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private KernelChoice() {}

  private static Kernel choose(@Nullable String bits) {
    if (bits != null && !Set.of("128", "256", "512", "scalar").contains(bits)) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + bits + ": no such kernel. Give 128, 256, 512 or scalar");
    }
    boolean hasModule = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    if (!hasModule || "scalar".equals(bits)) {
      return new ScalarKernel();
    }
    return VectorKernel.create(); // The first mention of a class that needs the module.
  }
}
