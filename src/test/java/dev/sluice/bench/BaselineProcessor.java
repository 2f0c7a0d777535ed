package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.sluice.cell.CellLayer;
import dev.sluice.head.Head;
import dev.sluice.head.Judgement;
import dev.sluice.model.Model;
import dev.sluice.score.AlertPolicy;
import dev.sluice.score.AlertRules;
import dev.sluice.score.Scorer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What everyone writes: get the key's row from the store, call the network, put the row back, send
 * the result. Decoding and encoding by Jackson's streaming interfaces, features by arithmetic.
 *
 * <p>A row is {@code [h | c | statistics]}: floats, then doubles; as {@code byte[]}, copied
 * straight into and out of the network's buffers.
 */
final class BaselineProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  static final String STORE = "memory";
  static final String SCORES = "scores";
  static final String ALERTS = "alerts";

  // Statistics: events seen, mean, variance and largest step of the value, then the scorer's.
  private static final int COUNT = 0;
  private static final int MEAN = 1;
  private static final int VARIANCE = 2;
  private static final int FURTHEST = 3;
  private static final int SCORE = 4;
  private static final int RULES = SCORE + Scorer.statsSize(1, 1);
  private static final int STATS = RULES + AlertRules.STATS_SIZE;
  private static final int WINDOW = 4000;
  private static final int SETTLED = 30;
  private static final double CLIP = 8;
  private static final double FLOOR = 1e-2;
  private static final double MOST_FURTHEST = 100;
  private static final double ROUNDING = 1e-9;
  private static final float LIMIT = 8;
  private static final double DAY_MILLIS = 86_400_000;

  private static final VarHandle DOUBLES =
      MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.LITTLE_ENDIAN);

  private final Model model;
  private final Head head;
  private final Scorer scorer;
  private final AlertRules rules;
  private final OrtStep network;
  private final Judgement judgement;
  private final int memoryBytes;
  private final float[] distribution;
  private final double[] stats = new double[STATS];
  private final double[] surprises = new double[1];
  private final double[] values = new double[1];
  private final JsonFactory json =
      JsonFactory.builder().enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();
  private final ByteArrayBuilder out = new ByteArrayBuilder(512);
  private long at;
  private double value;
  private ProcessorContext<byte[], byte[]> context;
  private KeyValueStore<Bytes, byte[]> store;

  /** Creates a processor with a session of its own. */
  BaselineProcessor(Model model, byte[] graph, double interval) throws OrtException {
    CellLayer layer = model.cell().layers().getFirst();
    this.model = model;
    this.head = model.head();
    this.scorer = new Scorer(model.calibration(), 1, 1);
    this.rules = new AlertRules(model.calibration(), AlertPolicy.NONE);
    this.judgement = new Judgement(interval);
    this.memoryBytes = 2 * Float.BYTES * layer.hidden();
    this.distribution = new float[head.linear().outputs()];
    this.network = new OrtStep(graph, layer.inputs(), layer.hidden(), distribution.length);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    decode(record.value());
    Bytes key = Bytes.wrap(record.key());
    byte[] row = store.get(key);
    byte[] next = new byte[memoryBytes + Double.BYTES * STATS];
    recall(row == null ? next : row);
    double mean = stats[COUNT] == 0 ? value : stats[MEAN];
    double deviation = deviation();
    double distance = value - mean;
    boolean same = Math.abs(distance) <= ROUNDING * stats[FURTHEST];
    double scaled = same ? 0 : distance / deviation;
    double angle = 2 * Math.PI * (at / DAY_MILLIS - Math.floor(at / DAY_MILLIS));
    network.input(0, (float) Math.max(-LIMIT, Math.min(LIMIT, scaled)));
    network.input(1, (float) Math.sin(angle));
    network.input(2, (float) Math.cos(angle));
    network.run();
    network.distribution(distribution);
    head.judge(distribution, 0, scaled, judgement);
    surprises[0] = judgement.surprise();
    values[0] = value;
    double score = scorer.score(surprises, values, stats, SCORE);
    double alerting = scorer.isWarmingUp(stats, SCORE) ? 0 : score;
    boolean alert = rules.decide(alerting, surprises[0], record.key(), at, stats, RULES).isAlert();
    byte[] result = encode(record.key(), mean, deviation, score, alert);
    learn(mean);
    remember(next);
    store.put(key, next);
    Record<byte[], byte[]> sent = record.withValue(result);
    context.forward(sent, SCORES);
    if (alert) {
      context.forward(sent, ALERTS);
    }
  }

  private void decode(byte[] bytes) {
    try (JsonParser parser = json.createParser(bytes)) {
      parser.nextToken();
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        switch (name) {
          case "at" -> at = parser.getLongValue();
          case BenchModels.FIELD -> value = parser.getDoubleValue();
          default -> {
            if (token.isStructStart()) {
              parser.skipChildren();
            }
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void recall(byte[] row) {
    network.load(row);
    for (int i = 0; i < STATS; i++) {
      stats[i] = (double) DOUBLES.get(row, memoryBytes + Double.BYTES * i);
    }
  }

  private void remember(byte[] row) {
    network.store(row);
    for (int i = 0; i < STATS; i++) {
      DOUBLES.set(row, memoryBytes + Double.BYTES * i, stats[i]);
    }
  }

  private double deviation() {
    double floor = Math.max(1e-100, FLOOR * stats[FURTHEST]);
    return Math.max(Math.sqrt(stats[VARIANCE]), floor);
  }

  private void learn(double mean) {
    double count = Math.min(stats[COUNT] + 1, WINDOW);
    double step = value - mean;
    double before = stats[FURTHEST];
    double most = MOST_FURTHEST * Math.sqrt(stats[VARIANCE]);
    double taken = most > 0 ? Math.min(Math.abs(step), most) : Math.abs(step);
    stats[FURTHEST] = Math.max(before - before / WINDOW, taken);
    if (count > SETTLED) {
      double deviation = deviation();
      step = Math.max(-CLIP * deviation, Math.min(CLIP * deviation, step));
    }
    double weight = 1 / count;
    stats[COUNT] = count;
    stats[MEAN] = mean + weight * step;
    stats[VARIANCE] = (1 - weight) * (stats[VARIANCE] + weight * step * step);
  }

  private byte[] encode(byte[] key, double mean, double deviation, double score, boolean alert) {
    out.reset();
    try (JsonGenerator to = json.createGenerator(out)) {
      to.writeStartObject();
      to.writeStringField("key", new String(key, UTF_8));
      to.writeStringField("time", Instant.ofEpochMilli(at).toString());
      to.writeNumberField("value", value);
      to.writeNumberField("expected", (float) (mean + deviation * judgement.expected()));
      to.writeNumberField("low", (float) (mean + deviation * judgement.low()));
      to.writeNumberField("high", (float) (mean + deviation * judgement.high()));
      to.writeNumberField("surprise", (float) judgement.surprise());
      to.writeNumberField("score", (float) score);
      to.writeBooleanField("alert", alert);
      to.writeBooleanField("warmingUp", scorer.isWarmingUp(stats, SCORE));
      to.writeNumberField("modelVersion", model.version());
      to.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    network.close();
  }
}
