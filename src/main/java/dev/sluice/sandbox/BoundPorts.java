package dev.sluice.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * Server sockets that are bound before the broker is configured, and handed to it when it asks.
 *
 * <p>A port that is found free, released and bound again by the broker can be taken by another
 * process in between, and the configuration must name the port before the broker binds it. Bound
 * once and never released, it cannot be lost.
 */
final class BoundPorts implements ServerSocketFactory, AutoCloseable {

  private final Map<String, ServerSocketChannel> unclaimed = new HashMap<>();

  /**
   * Binds {@code port} of the loopback interface for the listener of that name.
   *
   * @param port the port, or 0 for a free one
   * @return the port that is bound now
   * @throws UncheckedIOException if somebody else has it
   */
  synchronized int bind(String listener, int port) {
    try {
      var channel = ServerSocketChannel.open();
      unclaimed.put(listener, channel);
      channel.configureBlocking(false);
      // A restart on the same port must not wait for the connections of its predecessor to fade.
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(new InetSocketAddress(InetAddress.getByName(SandboxBroker.HOST), port));
      return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(
          "The sandbox broker cannot listen on "
              + SandboxBroker.HOST
              + ":"
              + port
              + ": "
              + e.getMessage()
              + ". Stop what uses this port, or give 0 for a free one",
          e);
    }
  }

  @Override
  public synchronized ServerSocketChannel openServerSocket(
      String listener, InetSocketAddress address, int backlog, int receiveBufferBytes)
      throws IOException {
    ServerSocketChannel channel = unclaimed.remove(listener);
    if (channel == null) {
      throw new IOException("No socket was bound for listener " + listener + " at " + address);
    }
    return channel;
  }

  /** Releases what the broker did not take; what it took is the broker's to close. */
  @Override
  public synchronized void close() {
    for (ServerSocketChannel channel : unclaimed.values()) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    unclaimed.clear();
  }
}
