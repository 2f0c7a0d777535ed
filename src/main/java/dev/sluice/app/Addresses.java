package dev.sluice.app;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses to listen on, as typed. */
final class Addresses {

  private Addresses() {}

  /** Reads {@code HOST:PORT}, or a port of the loopback interface. */
  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
      throw new Complaint("'" + text + "' is no address to listen on. Write a port, or HOST:PORT");
    }
    int number = Integer.parseInt(port);
    return colon < 0
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), number)
        : new InetSocketAddress(text.substring(0, colon), number);
  }
}
