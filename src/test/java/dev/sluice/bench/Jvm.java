package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A Java process of a benchmark: what it says can be waited for, what it uses can be read. */
final class Jvm implements AutoCloseable {

  /** As the launcher starts a JVM, for every contender alike. */
  private static final List<String> FLAGS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseParallelGC",
          // ONNX Runtime 1.29 overflows a stack of 1 MB while it starts (AVX-512 machines).
          "-Xss8m",
          "-XX:+ExitOnOutOfMemoryError");

  private static final long STOP_SECONDS = 30;
  private static final String CLASS_PATH = System.getProperty("java.class.path");
  private static final Path BIN = Path.of(System.getProperty("java.home"), "bin");

  private static final Pattern STREAM_THREAD =
      Pattern.compile("(?m)^\"[^\"]*-StreamThread-\\d+\".*?nid=(\\d+)");

  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private Jvm(String name, Process process) {
    this.name = name;
    this.process = process;
    Thread.ofVirtual().name(name).start(this::read);
  }

  /** Starts {@code sluice} with the arguments a person would type. */
  static Jvm sluice(String name, String heap, List<String> arguments) throws IOException {
    // The tests' own classes would bring their own logging along.
    String product =
        Arrays.stream(CLASS_PATH.split(File.pathSeparator))
            .filter(entry -> !entry.contains("test-classes"))
            .collect(Collectors.joining(File.pathSeparator));
    return start(name, List.of("-Xmx" + heap, "-cp", product), "dev.sluice.app.Main", arguments);
  }

  /** Starts a main class of this package. */
  static Jvm bench(String name, String heap, Class<?> main, List<String> arguments)
      throws IOException {
    return start(name, List.of("-Xmx" + heap, "-cp", CLASS_PATH), main.getName(), arguments);
  }

  private static Jvm start(String name, List<String> flags, String main, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve("java").toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    String more = System.getProperty("bench.jvm." + name, "");
    if (!more.isEmpty()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.add(main);
    command.addAll(arguments);
    return new Jvm(name, new ProcessBuilder(command).redirectErrorStream(true).start());
  }

  private void read() {
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        heard(line);
      }
    } catch (IOException e) {
      heard("(" + e.getMessage() + ")"); // The pipe of a process that was killed.
    }
    int code = process.onExit().join().exitValue();
    synchronized (this) {
      lines.add("(exit code " + code + ")");
      ended = true;
      notifyAll();
    }
  }

  private synchronized void heard(String line) {
    if (Boolean.getBoolean("bench.verbose")) {
      System.err.println(name + "| " + line);
    }
    lines.add(line);
    notifyAll();
  }

  /** Waits for a line that contains {@code text}, and returns the first. */
  synchronized String await(String text, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (lines.get(seen).contains(text)) {
          return lines.get(seen);
        }
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || ended) {
        throw new IllegalStateException(
            name + (ended ? " ended" : "") + " without saying '" + text + "'. " + said());
      }
      wait(Math.max(1, left / 1_000_000));
    }
  }

  /** Returns everything it said so far as one text, for a message. */
  synchronized String said() {
    return name + " said:\n" + String.join("\n", lines);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Throws, with what it said, if it is gone. */
  void requireAlive() {
    if (!isAlive()) {
      throw new IllegalStateException(name + " ended by itself. " + said());
    }
  }

  long pid() {
    return process.pid();
  }

  /** Collects all garbage and returns the bytes that are left on the heap. */
  long heapAfterCollection() throws IOException, InterruptedException {
    String output = jcmd("GC.class_histogram");
    return output
        .lines()
        .filter(line -> line.startsWith("Total"))
        .mapToLong(line -> Long.parseLong(line.strip().split("\\s+")[2]))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("jcmd says: " + output));
  }

  /** Returns Linux's numbers of its stream threads, which only the JVM can tell from others. */
  List<Long> streamThreads() throws IOException, InterruptedException {
    return STREAM_THREAD
        .matcher(jcmd("Thread.print"))
        .results()
        .map(match -> Long.parseLong(match.group(1)))
        .toList();
  }

  private String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(BIN.resolve("jcmd").toString(), Long.toString(pid()), command)
            .redirectErrorStream(true)
            .start();
    String output = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    jcmd.waitFor();
    return output;
  }

  /** Ends it as {@code kill -9} does; returns when, in nanoseconds. */
  long kill() throws InterruptedException {
    long at = System.nanoTime();
    process.destroyForcibly().waitFor();
    return at;
  }

  /** Ends it in good order, so that it leaves its group; by force if it does not. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      close();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
