package dev.sluice.proof;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/** {@code sluice run} as a person starts it: through the launcher, from the jars. */
final class Launched implements AutoCloseable {

  private final Process process;
  private final Path log;

  private Launched(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts an instance.
   *
   * @param instance names its state folder, which outlives it
   * @param kafka more client properties
   */
  static Launched run(Stage stage, Path folder, String instance, Map<String, String> kafka)
      throws IOException {
    Path config = folder.resolve(instance + ".properties");
    var properties = new Properties();
    properties.putAll(kafka);
    try (OutputStream out = Files.newOutputStream(config)) {
      properties.store(out, null);
    }
    Path log = Files.createTempFile(folder, instance + "-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("sluice").toAbsolutePath().toString(),
            "run",
            stage.topologyPath().toString(),
            "--bootstrap",
            stage.bootstrap(),
            "--kafka-config",
            config.toString(),
            "--state-dir",
            folder.resolve("state-" + instance).toString());
    builder.environment().put("SLUICE_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("SLUICE_LOG", "DEBUG");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    return new Launched(builder.start(), log);
  }

  /** Ends it with SIGTERM or with SIGKILL; returns once it has ended. */
  void end(boolean orderly, Duration patience) throws InterruptedException, IOException {
    if (!process.isAlive()) {
      throw new AssertionError("it ended by itself. " + Files.readString(log));
    }
    if (orderly) {
      process.destroy();
    } else {
      process.destroyForcibly();
    }
    if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new AssertionError("it does not end. " + Files.readString(log));
    }
  }

  void awaitScoring(Duration patience) throws InterruptedException, IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (lines().stream().noneMatch("Scoring."::equals)) {
      if (System.nanoTime() > deadline || !process.isAlive()) {
        throw new AssertionError("it does not score. " + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  /** Returns what it said about the phases of its start, and what it recomputed. */
  List<String> phases() throws IOException {
    return lines().stream()
        .filter(line -> line.matches(".*(Start-up: |Memories recomputed).*"))
        .toList();
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
