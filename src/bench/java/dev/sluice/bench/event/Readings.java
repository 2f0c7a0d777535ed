package dev.sluice.bench.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cell.RandomLayers;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.Linear;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.registry.FixedModels;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Settings;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.Calibration;
import dev.sluice.state.Encoding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** What the benchmarks of one event share: the README's topology, a model of H = 64, and events. */
public final class Readings {

  /** Events of a wave. */
  public static final int WAVE = 256;

  /** Key from the record, time and number from fields. */
  public static final EventSchema SCHEMA =
      new EventSchema(
          List.of(new Field("temperature", false)),
          List.of(),
          null,
          new TimeSource.OfField("at", 1),
          1 << 20);

  private static final int HIDDEN = 64;
  private static final int BINS = 40;
  private static final long START = Instant.parse("2026-11-23T14:05:00Z").toEpochMilli();

  private Readings() {}

  /** Returns how events are scored. */
  public static Settings settings() {
    return new Settings(WAVE, 0.9, Optional.empty(), new Settings.OnSwap.Keep());
  }

  /**
   * Returns how events are scored where heads learn: {@code none}, {@code bias} or {@code head}.
   */
  public static Settings settings(String adapt) {
    return new Settings(
        WAVE,
        0.9,
        Optional.empty(),
        new Settings.OnSwap.Keep(),
        Encoding.FLOAT32,
        Settings.NEVER,
        AlertPolicy.NONE,
        adapt.equals("none")
            ? Optional.empty()
            : Optional.of(new Settings.Adapt(adapt.equals("head"), 0.01)));
  }

  /** Returns an untrained model: one number scaled per key, the time of day, 40 bins. */
  public static ModelSource<Model> models() {
    var random = new Random(1);
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Number("temperature", new Scaling.PerKey(), false),
                new Feature.Time(Feature.Kind.OF_DAY)));
    var linear = new Linear(floats(random, BINS * HIDDEN), floats(random, BINS), HIDDEN);
    var model =
        new Model(
            "readings",
            1,
            features,
            RandomLayers.stack(features.width(), HIDDEN, 1, 1),
            List.of(new BinHead("temperature", linear, new Bins(-4, 4, BINS))),
            new Calibration(0.8, 100, 20),
            new Lineage("bench", 0, 1, 0, "bench", Map.of()));
    return FixedModels.of(1, model);
  }

  private static float[] floats(Random random, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = random.nextFloat() - 0.5f;
    }
    return floats;
  }

  /** Returns keys as 16 bytes of text. */
  public static byte[][] keys(int count) {
    byte[][] keys = new byte[count][];
    for (int i = 0; i < count; i++) {
      keys[i] = ("boiler-" + (100_000_000 + i)).getBytes(UTF_8);
    }
    return keys;
  }

  /** Returns events as they stand in a topic: a second apart, two digits after the point. */
  public static byte[][] values(int count) {
    var random = new Random(2);
    byte[][] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      double degrees = Math.round(2000 + 500 * random.nextGaussian()) / 100.0;
      String at = Instant.ofEpochMilli(START + i * 1000L).toString();
      values[i] = ("{\"at\":\"" + at + "\",\"temperature\":" + degrees + "}").getBytes(UTF_8);
    }
    return values;
  }

  /** Returns which key each of {@code count} events has, at random. */
  public static int[] order(int count, int keys) {
    return new Random(3).ints(count, 0, keys).toArray();
  }

  /** Returns decoded events of random keys. */
  public static Event[] events(int count, int keyCount) {
    byte[][] keys = keys(keyCount);
    byte[][] values = values(count);
    int[] order = order(count, keyCount);
    var decoder = new JsonDecoder(SCHEMA);
    List<Event> events = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Event event = SCHEMA.newEvent();
      try {
        decoder.decode(keys[order[i]], values[i], 0, event);
      } catch (Rejection e) {
        throw new IllegalStateException(e);
      }
      events.add(event);
    }
    return events.toArray(Event[]::new);
  }
}
