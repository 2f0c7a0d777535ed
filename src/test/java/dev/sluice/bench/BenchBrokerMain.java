package dev.sluice.bench;

import dev.sluice.sandbox.SandboxBroker;
import dev.sluice.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The broker of a benchmark, as a process of its own.
 *
 * <p>Arguments: folder, then broker properties as {@code name=value}. Prints {@code READY} and the
 * bootstrap address once it serves clients, and runs until it is killed.
 */
public final class BenchBrokerMain {

  private BenchBrokerMain() {}

  /** Runs one broker until the process ends. */
  public static void main(String[] args) throws InterruptedException {
    SandboxSettings settings = SandboxSettings.alone().withFolder(Path.of(args[0]));
    for (int i = 1; i < args.length; i++) {
      String[] pair = args[i].split("=", 2);
      settings = settings.with(pair[0], pair[1]);
    }
    var sandbox = SandboxBroker.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    System.out.println("READY " + sandbox.bootstrap());
    new CountDownLatch(1).await();
  }
}
