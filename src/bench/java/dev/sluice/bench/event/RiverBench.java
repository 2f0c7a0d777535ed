package dev.sluice.bench.event;

import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import dev.sluice.river.River;
import dev.sluice.state.Memories;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** One event of a wave of 256: through the river at H = 64 and 40 bins, and its result as JSON. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {
      "--add-modules=jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx3g"
    })
public class RiverBench {

  private static final int WAVES = 400;

  /** Keys with a memory. */
  @Param({"10000"})
  public int keys;

  /** What learns from each event. */
  @Param({"none"})
  public String adapt;

  private final ResultJson json = new ResultJson();
  private final Event[][] waves = new Event[WAVES][];
  private final Result[] results = new Result[Readings.WAVE];
  private ModelSource<Model> models;
  private River river;
  private BareStep bare;
  private int next;

  /** Gives every key a history. */
  @Setup(Level.Trial)
  public void begin() {
    models = Readings.models();
    river = new River(Readings.SCHEMA, Readings.settings(adapt), new Memories());
    Event[] events = Readings.events(WAVES * Readings.WAVE, keys);
    for (int w = 0; w < WAVES; w++) {
      waves[w] = java.util.Arrays.copyOfRange(events, w * Readings.WAVE, (w + 1) * Readings.WAVE);
    }
    for (int i = 0; i < results.length; i++) {
      results[i] = new Result();
    }
    bare = new BareStep(models.models().entries().getFirst().model());
    for (int w = 0; w < WAVES; w++) {
      flow();
      bareStep();
    }
  }

  /** No more than what keeps a memory: find the row, encode, step, learn the scale. */
  @Benchmark
  @OperationsPerInvocation(Readings.WAVE)
  public int bareStep() {
    Event[] wave = waves[next];
    bare.step(wave);
    next = next + 1 == WAVES ? 0 : next + 1;
    return wave.length;
  }

  /** Recall, predict, judge, step, remember. */
  @Benchmark
  @OperationsPerInvocation(Readings.WAVE)
  public Result[] flow() {
    river.flow(waves[next], Readings.WAVE, models.models(), results);
    next = next + 1 == WAVES ? 0 : next + 1;
    return results;
  }

  /** The results of one wave as JSON. */
  @Benchmark
  @OperationsPerInvocation(Readings.WAVE)
  public void encode(Blackhole hole) {
    for (Result result : results) {
      hole.consume(json.write(result));
    }
  }
}
