package dev.sluice.sandbox;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.fault.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running Kafka broker in this process, reachable from this machine only.
 *
 * <p>Unlike {@code kafka.Kafka} it never ends the process: a fault is logged, and while starting it
 * makes {@link #start(SandboxSettings)} throw.
 */
public final class SandboxBroker implements AutoCloseable {

  /** The only interface it listens on. */
  static final String HOST = "127.0.0.1";

  private static final Logger LOG = LoggerFactory.getLogger(SandboxBroker.class);

  private final String bootstrap;
  private final SandboxFolder folder;
  private final BoundPorts ports;
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SandboxBroker(String bootstrap, SandboxFolder folder, BoundPorts ports, KafkaConfig k) {
    this.bootstrap = bootstrap;
    this.folder = folder;
    this.ports = ports;
    var directories = KafkaRaftServer.initializeLogDirs(k, LOG, "");
    var shared =
        new SharedServer(
            k,
            directories._1(),
            Time.SYSTEM,
            Server.initializeMetrics(k, Time.SYSTEM, BrokerProperties.CLUSTER_ID),
            CompletableFuture.completedFuture(
                BrokerProperties.addresses(k.getList("controller.quorum.voters"))),
            List.of(),
            (name, fatal, action) -> faultHandler(name, action),
            ports);
    this.controller =
        new ControllerServer(shared, KafkaRaftServer.configSchema(), directories._2());
    this.broker = new BrokerServer(shared);
  }

  /**
   * Starts a cluster of one node on free ports, whose data goes away with it.
   *
   * @throws IllegalStateException if the broker does not come up
   */
  public static SandboxBroker start() {
    return start(SandboxSettings.alone());
  }

  /**
   * Starts a broker and returns once it serves clients. A node of several waits here for a majority
   * of its voters.
   *
   * @throws UncheckedIOException if a port or the folder cannot be used
   * @throws IllegalStateException if the broker does not come up; nothing of it is left behind
   */
  public static SandboxBroker start(SandboxSettings settings) {
    var folder = SandboxFolder.of(settings.folder());
    var ports = new BoundPorts();
    try {
      int port = ports.bind(BrokerProperties.CLIENTS, settings.port());
      int controllerPort = ports.bind(BrokerProperties.CONTROLLERS, settings.controllerPort());
      folder.format(settings.nodeId());
      var properties = BrokerProperties.of(settings, port, controllerPort, folder.data());
      var config = KafkaConfig.fromProps(properties, false);
      var sandbox = new SandboxBroker(HOST + ":" + port, folder, ports, config);
      sandbox.startup();
      return sandbox;
    } catch (RuntimeException e) {
      ports.close();
      folder.close();
      throw e;
    }
  }

  /** Returns what clients need as {@code bootstrap.servers}. */
  public String bootstrap() {
    return bootstrap;
  }

  /** Returns where the data is while the broker runs. */
  public Path folder() {
    return folder.path();
  }

  /** Stops the broker and removes its data, unless the settings named the folder. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      broker.shutdown();
      controller.shutdown();
      broker.awaitShutdown();
      controller.awaitShutdown();
      ports.close();
      folder.close();
    }
  }

  private void startup() {
    try {
      controller.startup();
      broker.startup();
    } catch (RuntimeException e) {
      close();
      throw new IllegalStateException(
          "The sandbox broker does not come up in "
              + folder.path()
              + ": "
              + e
              + ". The log above says more; a folder of an older Kafka can be deleted",
          e);
    }
  }

  /** Kafka's own handler would halt the process, with everything else that runs in it. */
  private static FaultHandler faultHandler(String name, Runnable action) {
    return new FaultHandler() {
      @Override
      public RuntimeException handleFault(String message, Throwable cause) {
        LOG.error("Sandbox broker fault in {}: {}", name, message, cause);
        action.run();
        return new IllegalStateException("fault in " + name + ": " + message, cause);
      }
    };
  }
}
