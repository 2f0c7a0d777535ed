package dev.sluice.sandbox;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;

/**
 * A sandbox broker as a process of its own, for tests that kill processes or need three brokers.
 *
 * <p>Arguments: node id, client port, controller port, voters ({@code 1@127.0.0.1:19093,2@...}, or
 * {@code -} for a cluster of one), folder ({@code -} for a temporary one), and any broker
 * properties as {@code name=value}. Prints {@code READY} and the bootstrap address on standard
 * output once it serves clients, and runs until it is killed.
 */
public final class SandboxBrokerMain {

  private static final String NONE = "-";

  private SandboxBrokerMain() {}

  /** Runs one broker until the process ends. */
  public static void main(String[] args) throws InterruptedException {
    if (args.length < 5) {
      System.err.println("Give: nodeId port controllerPort voters|- folder|- name=value...");
      System.exit(2);
    }
    List<String> voters = args[3].equals(NONE) ? List.of() : List.of(args[3].split(","));
    Optional<Path> folder = args[4].equals(NONE) ? Optional.empty() : Optional.of(Path.of(args[4]));
    var settings =
        new SandboxSettings(
            Integer.parseInt(args[0]),
            Integer.parseInt(args[1]),
            Integer.parseInt(args[2]),
            voters,
            folder,
            Arrays.stream(args)
                .skip(5)
                .map(property -> property.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    var sandbox = SandboxBroker.start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close));
    System.out.println("READY " + sandbox.bootstrap());
    new CountDownLatch(1).await();
  }
}
