package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has used, as Linux counts it in {@code /proc}.
 *
 * @param cpuNanos of all its threads since it began, in steps of 10 ms
 * @param streamNanos of its stream threads
 */
record Usage(long cpuNanos, long streamNanos) {

  private static final long NANOS_PER_TICK = 10_000_000;

  /**
   * Reads what a process has used.
   *
   * @param streamThreads Linux's numbers of its stream threads
   */
  static Usage of(long pid, List<Long> streamThreads) throws IOException {
    long stream = 0;
    for (long thread : streamThreads) {
      Path path = Path.of("/proc/" + pid + "/task/" + thread + "/schedstat");
      stream += Long.parseLong(Files.readString(path).split(" ")[0]);
    }
    return new Usage(cpu(pid), stream);
  }

  private static long cpu(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
  }

  /** Returns the resident memory of a process, in bytes. */
  static long residentBytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
