package dev.sluice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.Status;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code logback.xml} lets through, in which form and where to. */
final class LoggingTest {

  @ParameterizedTest
  @CsvSource({
    "dev.sluice.app.Main, INFO",
    "org.apache.kafka.streams.KafkaStreams, WARN",
    "org.apache.kafka.clients.NetworkClient, ERROR",
    "kafka.server.KafkaRaftServer, WARN",
    "io.micrometer.core.instrument.MeterRegistry, WARN"
  })
  void everyLoggerHasItsLevel(String logger, String level) throws JoranException {
    assertThat(configured(Map.of()).getLogger(logger).getEffectiveLevel())
        .isEqualTo(Level.valueOf(level));
  }

  @Test
  void levelOfOurLoggersIsAVariable() throws JoranException {
    LoggerContext context = configured(Map.of("SLUICE_LOG", "DEBUG"));

    assertThat(context.getLogger("dev.sluice.river").isDebugEnabled()).isTrue();
    assertThat(context.getLogger("org.apache.kafka").isInfoEnabled()).isFalse();
  }

  @Test
  void textIsOneShortLineOnStderrWithItsKeyValues() throws JoranException {
    assertThat(logged(Map.of()))
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  River: swapped version=\"7\"\\R");
  }

  @Test
  void jsonIsOneObjectALineOnStderr() throws JoranException {
    assertThat(logged(Map.of("SLUICE_LOG_FORMAT", "json")))
        .startsWith("{")
        .contains("\"message\":\"swapped\"", "\"version\":\"7\"")
        .endsWith("}\n")
        .containsOnlyOnce("\n");
  }

  /** Logs one line and returns what came to stderr. */
  private static String logged(Map<String, String> variables) throws JoranException {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, UTF_8));
    try {
      LoggerContext context = configured(variables);
      context.getLogger("dev.sluice.river.River").atInfo().addKeyValue("version", 7).log("swapped");
      context.stop();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(UTF_8);
  }

  private static LoggerContext configured(Map<String, String> variables) throws JoranException {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    variables.forEach(context::putProperty);
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
    assertThat(context.getStatusManager().getCopyOfStatusList())
        .noneMatch(status -> status.getLevel() >= Status.ERROR);
    return context;
  }
}
