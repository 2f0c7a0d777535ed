package dev.sluice.stream;

import dev.sluice.config.StateDecl;
import dev.sluice.state.MemoryBudget;
import java.lang.management.ManagementFactory;
import org.apache.kafka.common.config.ConfigException;

/**
 * How much memory the memories may take.
 *
 * <p>Rows are outside the heap but count against -XX:MaxDirectMemorySize, which is the heap's limit
 * unless it is set; statistics and keys are on the heap. Three quarters of the heap's limit for all
 * of them leave, whatever the model's size, a quarter of the heap to everything else, and together
 * with the heap stay below twice its limit.
 */
final class MemoryLimits {

  private static final String DIRECT = "-XX:MaxDirectMemorySize=";

  private MemoryLimits() {}

  /**
   * Returns the budget of a process.
   *
   * @throws ConfigException if the JVM cannot hold what the file allows
   */
  static MemoryBudget budget(StateDecl state) {
    if (state.store() == StateDecl.Store.ROCKSDB) {
      return MemoryBudget.unlimited(); // The cache is bounded otherwise.
    }
    long heap = Runtime.getRuntime().maxMemory();
    boolean directIsSet =
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .anyMatch(argument -> argument.startsWith(DIRECT));
    long bytes = state.memory().orElse(heap / 4 * 3);
    if (!directIsSet && bytes > heap + heap / 2) {
      throw new ConfigException(
          "state.memory: "
              + (bytes >> 20)
              + " MB are more than this JVM can hold, whose heap is limited to "
              + (heap >> 20)
              + " MB. Start it with SLUICE_OPTS=-Xmx and three quarters of that or more, or with"
              + " -XX:MaxDirectMemorySize, or write less");
    }
    return MemoryBudget.of(bytes);
  }
}
