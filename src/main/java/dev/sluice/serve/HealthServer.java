package dev.sluice.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Answers {@code /livez}, {@code /readyz} and {@code /metrics}, each request on a virtual thread.
 *
 * <pre>
 *   GET /livez     200 while the process should be left alone, 503 when it should be restarted
 *   GET /readyz    200 when events are being scored, 503 with the reason otherwise
 *   GET /metrics   what is counted, in the text format of Prometheus
 * </pre>
 */
public final class HealthServer implements AutoCloseable {

  private static final int BACKLOG = 64;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * What is asked.
   *
   * @param live whether the process should be left alone
   * @param notReady why events are not being scored, empty when they are
   * @param metrics what is counted, as text
   */
  public record Probes(
      Supplier<Boolean> live, Supplier<String> notReady, Supplier<String> metrics) {}

  private HealthServer(HttpServer server, Probes probes) {
    this.server = server;
    server.setExecutor(threads);
    server.createContext(
        "/livez",
        exchange -> {
          boolean live = probes.live().get();
          answer(exchange, "/livez", live ? 200 : 503, live ? "live\n" : "not live\n");
        });
    server.createContext(
        "/readyz",
        exchange -> {
          String reason = probes.notReady().get();
          boolean ready = reason.isEmpty();
          answer(exchange, "/readyz", ready ? 200 : 503, ready ? "ready\n" : reason + "\n");
        });
    server.createContext(
        "/metrics", exchange -> answer(exchange, "/metrics", 200, probes.metrics().get()));
  }

  /**
   * Starts to listen.
   *
   * @param address where; port 0 takes any free one
   * @throws IOException if the address cannot be bound, with a message for people
   */
  public static HealthServer start(InetSocketAddress address, Probes probes) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(address, BACKLOG);
    } catch (IOException e) {
      throw new IOException(
          "Cannot listen on " + address + ": " + e.getMessage() + ". Choose another with --http",
          e);
    }
    HealthServer started = new HealthServer(http, probes);
    http.start();
    return started;
  }

  /** Returns the port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, String path, int status, String body)
      throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals(path)) {
        send(exchange, 404, "There is /livez, /readyz and /metrics.\n");
      } else if (!exchange.getRequestMethod().equals("GET")) {
        send(exchange, 405, "Only GET is understood.\n");
      } else {
        send(exchange, status, body);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
