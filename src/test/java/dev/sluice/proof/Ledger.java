package dev.sluice.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.config.Topology;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.river.Declared;
import dev.sluice.river.Replay;
import dev.sluice.river.Result;
import dev.sluice.river.ResultJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * What must come out of millions of events: of each only a hash of the bytes and whether it is a
 * result, an alert or a dead letter. The bytes come from {@link Replay}, as {@code sluice score}
 * has them; {@link #tell} computes those of a few events again.
 */
final class Ledger {

  private static final byte REJECTED = 0;
  private static final byte SCORED = 1;
  private static final byte ALERTED = 2;

  private final Path file;
  private final Topology topology;
  private final ModelSource<Model> models;
  private final long[] hashes;
  private final byte[] kinds;
  private final int[] keys;
  private final int[][] byPlace;
  private final int[] inPartition;

  private Ledger(
      Path file, Topology topology, ModelSource<Model> models, int count, int partitions) {
    this.file = file;
    this.topology = topology;
    this.models = models;
    this.hashes = new long[count];
    this.kinds = new byte[count];
    this.keys = new int[count];
    this.byPlace = new int[partitions][1024];
    this.inPartition = new int[partitions];
  }

  /**
   * Writes the events of a plan to {@code file} and replays them.
   *
   * @param models which is in force when
   */
  static Ledger of(Plan plan, Topology topology, Path file, ModelSource<Model> models)
      throws IOException {
    var ledger = new Ledger(file, topology, models, plan.events(), plan.partitions());
    ledger.write(plan);
    ledger.replay(
        new Replay.Sink() {
          private final ResultJson json = new ResultJson();

          @Override
          public void result(long line, Result result) {
            int index = Math.toIntExact(line - 1);
            ledger.hashes[index] = hash(json.write(result));
            ledger.kinds[index] = result.isAlert() ? ALERTED : SCORED;
          }

          @Override
          public void rejected(long line, String text, Rejection why) {
            int index = Math.toIntExact(line - 1);
            ledger.hashes[index] ^= hash(why.reason().name().getBytes(UTF_8));
            ledger.kinds[index] = REJECTED;
          }
        });
    return ledger;
  }

  private void write(Plan plan) throws IOException {
    Events.Maker maker = plan.maker();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      for (int i = 0; i < keys.length; i++) {
        Events.Sent event = maker.next();
        out.write(event.value());
        out.write('\n');
        hashes[i] = hash(event.value());
        keys[i] = maker.number();
        place(event.partition(), i);
      }
    }
  }

  private void place(int partition, int index) {
    int offset = inPartition[partition]++;
    if (offset == byPlace[partition].length) {
      byPlace[partition] = Arrays.copyOf(byPlace[partition], 2 * offset);
    }
    byPlace[partition][offset] = index;
  }

  private void replay(Replay.Sink sink) throws IOException {
    EventSchema schema = Declared.schema(topology).forFiles("key", "time");
    try (EventFile lines = EventFile.open(file, schema)) {
      new Replay(schema, Declared.settings(topology), models).run(lines, sink);
    }
  }

  /** The first 64 bits of SHA-256. */
  private static long hash(byte[] bytes) {
    try {
      return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes)).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns, in words, what must come out for a few events. */
  Map<Integer, String> tell(Set<Integer> events) throws IOException {
    Map<Integer, String> told = new TreeMap<>();
    var json = new ResultJson();
    replay(
        new Replay.Sink() {
          @Override
          public void result(long line, Result result) {
            int index = Math.toIntExact(line - 1);
            if (events.contains(index)) {
              told.put(index, new String(json.write(result), UTF_8));
            }
          }

          @Override
          public void rejected(long line, String text, Rejection why) {
            int index = Math.toIntExact(line - 1);
            if (events.contains(index)) {
              told.put(index, why.reason() + ": " + text);
            }
          }
        });
    return told;
  }

  /** Returns what the topic of the results must hold. */
  Wanted scores() {
    return new View() {
      @Override
      public boolean mustCome(int index) {
        return kinds[index] != REJECTED;
      }
    };
  }

  /** Returns what the topic of the alerts must hold. */
  Wanted alerts() {
    return new View() {
      @Override
      public boolean mustCome(int index) {
        return kinds[index] == ALERTED;
      }
    };
  }

  /**
   * Returns what the topic of the dead letters must hold.
   *
   * @param keyed whether events have a key besides the field of that name
   */
  Wanted deadLetters(boolean keyed) {
    return new View() {
      @Override
      public boolean mustCome(int index) {
        return kinds[index] == REJECTED;
      }

      @Override
      public boolean isRight(int index, ConsumerRecord<byte[], byte[]> record) {
        Header reason = record.headers().lastHeader("sluice-reason");
        boolean sameKey =
            keyed ? Arrays.equals(record.key(), key(index)) : Objects.isNull(record.key());
        return sameKey
            && reason != null
            && (hash(record.value()) ^ hash(reason.value())) == hashes[index];
      }

      @Override
      public int keyOf(int index) {
        return keyed ? keys[index] : -1;
      }
    };
  }

  private byte[] key(int index) {
    return Events.key(keys[index]).getBytes(UTF_8);
  }

  private abstract class View implements Wanted {

    @Override
    public int count() {
      return keys.length;
    }

    @Override
    public int index(int partition, long offset) {
      boolean known = partition < byPlace.length && offset >= 0 && offset < inPartition[partition];
      return known ? byPlace[partition][(int) offset] : -1;
    }

    @Override
    public boolean isRight(int index, ConsumerRecord<byte[], byte[]> record) {
      return hash(record.value()) == hashes[index] && Arrays.equals(record.key(), key(index));
    }

    @Override
    public int keyOf(int index) {
      return keys[index];
    }
  }
}
