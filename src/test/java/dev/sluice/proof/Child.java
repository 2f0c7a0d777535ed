package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A Java process of ours: what it says can be waited for, and it can be killed. */
final class Child implements AutoCloseable {

  /** As the launcher starts a JVM; without these the kernel would be the scalar one. */
  private static final List<String> FLAGS =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+ExitOnOutOfMemoryError");

  private static final String TEST_CLASS_PATH = System.getProperty("java.class.path");

  private final String name;
  private final Process process;
  private final Thread reader;
  private final long startedNanos = System.nanoTime();
  private final List<String> lines = new ArrayList<>();
  private boolean ended;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
    this.reader = Thread.ofVirtual().name(name).start(this::read);
  }

  /** Starts {@code sluice} with the arguments a person would type. */
  static Child sluice(String name, List<String> arguments) {
    return sluice(name, arguments, Map.of());
  }

  /** Starts {@code sluice} with more environment. */
  static Child sluice(String name, List<String> arguments, Map<String, String> environment) {
    List<String> flags = new ArrayList<>(List.of("-Xmx512m", "-XX:+UseParallelGC"));
    flags.addAll(List.of(System.getProperty("proof.jvm", "").split(" ")));
    flags.removeIf(String::isEmpty);
    flags.addAll(List.of("-cp", mainClassPath()));
    return start(name, flags, "dev.sluice.app.Main", arguments, environment);
  }

  /** Starts a broker with the arguments of {@code SandboxBrokerMain}. */
  static Child broker(String name, List<String> arguments) {
    return start(
        name,
        List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", TEST_CLASS_PATH),
        "dev.sluice.sandbox.SandboxBrokerMain",
        arguments,
        Map.of());
  }

  /** The tests' own classes would bring their own logging along. */
  private static String mainClassPath() {
    return Arrays.stream(TEST_CLASS_PATH.split(File.pathSeparator))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes/"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Child start(
      String name,
      List<String> flags,
      String main,
      List<String> arguments,
      Map<String, String> environment) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(FLAGS);
    command.addAll(flags);
    command.add(main);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SLUICE_LOG", "INFO");
    builder.environment().putAll(environment);
    try {
      return new Child(name, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (var output = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        heard(line);
      }
    } catch (IOException e) {
      heard("(" + e.getMessage() + ")"); // The pipe of a process that was killed.
    } finally {
      hearEnd();
    }
  }

  private synchronized void heard(String line) {
    if (Boolean.getBoolean("proof.verbose")) {
      System.err.println(name + "| " + line);
    }
    lines.add(line);
    notifyAll();
  }

  private synchronized void hearEnd() {
    ended = true;
    notifyAll();
  }

  /** Returns everything it said so far, on both streams. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** Returns everything it said so far as one text, for a message. */
  String said() {
    return name + " said:\n" + String.join("\n", lines());
  }

  /** Returns whether it said a line that contains {@code text}. */
  boolean hasSaid(String text) {
    return lines().stream().anyMatch(line -> line.contains(text));
  }

  /** Returns whether it said such a line. */
  synchronized boolean hasSaid(Predicate<String> wanted) {
    return lines.stream().anyMatch(wanted);
  }

  /** Waits for a line that contains {@code text}, and returns the first. */
  String await(String text, Duration patience) throws InterruptedException {
    return await(line -> line.contains(text), "'" + text + "'", patience);
  }

  /** Waits for a line, and returns the first. */
  synchronized String await(Predicate<String> wanted, String what, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < lines.size(); seen++) {
        if (wanted.test(lines.get(seen))) {
          return lines.get(seen);
        }
      }
      long left = deadline - System.nanoTime();
      if (left <= 0 || ended) {
        throw new AssertionError(
            name + (ended ? " ended" : "") + " without saying " + what + ". " + said());
      }
      wait(Math.max(1, left / 1_000_000));
    }
  }

  /** Returns when it was started, in nanoseconds of {@link System#nanoTime}. */
  long startedNanos() {
    return startedNanos;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Freezes it where it is. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Sends it a signal, such as {@code STOP}. */
  void signal(String signal) throws IOException, InterruptedException {
    run("kill", "-" + signal, Long.toString(pid()));
  }

  /** Runs a command to its end, and returns whether it succeeded. */
  static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  long pid() {
    return process.pid();
  }

  String name() {
    return name;
  }

  /** Returns how it ended by itself: its exit code and the last lines it said. */
  synchronized String end() {
    List<String> said = lines.stream().filter(line -> !line.startsWith("\tat ")).toList();
    String last = String.join(" / ", said.subList(Math.max(0, said.size() - 4), said.size()));
    return name + " ended by itself with " + process.exitValue() + ": " + last;
  }

  /** Ends it as {@code kill -9} does; returns when, in nanoseconds. */
  long kill() throws InterruptedException {
    long at = System.nanoTime();
    process.destroyForcibly().waitFor();
    return at;
  }

  /** Ends it as {@code kill} does (SIGTERM), and returns how long that took. */
  Duration terminate(Duration patience) throws InterruptedException {
    long at = System.nanoTime();
    process.destroy();
    if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(name + " does not end within " + patience + ". " + said());
    }
    return Duration.ofNanos(System.nanoTime() - at);
  }

  /** Waits for its end and returns its exit code; all it said is heard then. */
  int awaitExit(Duration patience) throws InterruptedException {
    if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError(name + " does not end within " + patience + ". " + said());
    }
    reader.join(patience);
    return process.exitValue();
  }

  /** Ends it if it still runs. */
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
