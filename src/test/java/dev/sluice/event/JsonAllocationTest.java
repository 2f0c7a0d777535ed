package dev.sluice.event;

import static dev.sluice.event.Samples.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What decoding leaves to the garbage collector. */
final class JsonAllocationTest {

  private static final int ROUNDS = 10;
  private static final int EVENTS = 20_000;

  /** The key of the rich event, copied from its field; nothing for the one keyed by its record. */
  private static final long MOST_BYTES = 40;

  @Test
  void anEventCostsNothingButItsKey() throws Rejection {
    byte[] small = utf8("{\"v\":21.53125}");
    byte[] rich =
        utf8(
            "{\"device\":\"sensor-12\",\"at\":\"2026-11-23T14:05:09.250Z\",\"firmware\":\"1.4\","
                + "\"sensor\":{\"value\":21.53125,\"unit\":\"C\"},\"status\":\"ok\"}");
    long perSmall = bytesPerEvent(Samples.NUMBER, small);
    long perRich = bytesPerEvent(Samples.RICH, rich);
    System.out.println("JsonDecoder: " + perSmall + " and " + perRich + " bytes an event");
    assertThat(perSmall).isZero();
    assertThat(perRich).isLessThan(MOST_BYTES);
  }

  private static long bytesPerEvent(EventSchema schema, byte[] value) throws Rejection {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var decoder = new JsonDecoder(schema);
    Event event = schema.newEvent();
    byte[] key = utf8("k");
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < EVENTS; i++) {
        decoder.decode(key, value, 7, event);
      }
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least / EVENTS;
  }
}
