package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process has used, as Linux counts it in {@code /proc}.
 *
 * @param cpuNanos of all its threads since it began, in steps of 10 ms
 * @param streamNanos of its stream threads
 */
record Usage(long cpuNanos, long streamNanos) {

  private static final long NANOS_PER_TICK = 10_000_000;

  /** HotSpot names a native thread by the first 7 and the last 6 characters of its name. */
  private static final String STREAM_THREAD = ".*\\.\\..*read-\\d+\\s*";

  static Usage of(long pid) throws IOException {
    return new Usage(cpu(pid), stream(pid));
  }

  private static long cpu(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * NANOS_PER_TICK;
  }

  private static long stream(long pid) throws IOException {
    long sum = 0;
    List<Path> threads;
    try (Stream<Path> list = Files.list(Path.of("/proc/" + pid + "/task"))) {
      threads = list.toList();
    }
    for (Path thread : threads) {
      try {
        if (Files.readString(thread.resolve("comm")).matches(STREAM_THREAD)) {
          sum += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ")[0]);
        }
      } catch (IOException _) {
        continue; // It ended meanwhile.
      }
    }
    return sum;
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
