package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.event.Event;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Events of {@link TestModels#SCHEMA}, decoded as the stream decodes them. */
final class TestEvents {

  /** 2026-11-23T00:00:00Z. */
  static final long START = 1_795_392_000_000L;

  private TestEvents() {}

  /** Returns an event with v, and with u = 10 and w = ok. */
  static Event event(String key, long timeMillis, double v) {
    return decode(key, timeMillis, "{\"v\":" + v + ",\"u\":10,\"w\":\"ok\"}");
  }

  static Event decode(String key, long timeMillis, String json) {
    Event event = TestModels.SCHEMA.newEvent();
    try {
      new JsonDecoder(TestModels.SCHEMA)
          .decode(key.getBytes(UTF_8), json.getBytes(UTF_8), timeMillis, event);
    } catch (Rejection e) {
      throw new AssertionError(json, e);
    }
    return event;
  }

  /**
   * Returns events a second apart: some late, some without a number, some with a new word, one in
   * fifty absurd. Few keys have most of them, so that a key often follows itself.
   */
  static List<Event> random(long seed, int count, int keys) {
    var random = new Random(seed);
    double[] levels = new double[keys];
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int key = (int) (keys * random.nextDouble() * random.nextDouble());
      levels[key] = 0.9 * levels[key] + random.nextGaussian();
      double v = 20 + levels[key] * (key + 1) + (random.nextInt(50) == 0 ? 1e6 : 0);
      long time = START + i * 1000L - (random.nextInt(10) == 0 ? random.nextInt(60_000) : 0);
      String number = random.nextInt(20) == 0 ? "null" : Double.toString(v);
      String other = random.nextInt(5) == 0 ? "null" : Double.toString(10 + random.nextGaussian());
      String word = random.nextInt(15) == 0 ? "new" : random.nextInt(4) == 0 ? "bad" : "ok";
      String json = "{\"v\":" + number + ",\"u\":" + other + ",\"w\":\"" + word + "\"}";
      events.add(decode("key-" + key, time, json));
    }
    return events;
  }
}
