package dev.sluice.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import dev.sluice.state.MemoryBudgetException;
import java.util.Set;
import org.apache.kafka.streams.errors.TaskCorruptedException;

/**
 * Drops what Kafka Streams logs, with stack traces, of trouble that is told in better words
 * elsewhere: memories beyond their budget, which end the process with a message; and a store on
 * disk that is emptied after a kill, which is how it is meant to be and which a line before it
 * says.
 */
public final class KnownTroubleFilter extends Filter<ILoggingEvent> {

  private static final int MAX_CAUSES = 20;
  private static final Set<String> KNOWN =
      Set.of(MemoryBudgetException.class.getName(), TaskCorruptedException.class.getName());

  /** Created by Logback, by name. */
  public KnownTroubleFilter() {}

  @Override
  public FilterReply decide(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    for (int depth = 0; thrown != null && depth < MAX_CAUSES; depth++) {
      if (KNOWN.contains(thrown.getClassName())) {
        return FilterReply.DENY;
      }
      thrown = thrown.getCause();
    }
    return FilterReply.NEUTRAL;
  }
}
