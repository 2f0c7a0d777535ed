package dev.sluice.stream;

import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * The store below the changelog: the rows are resident in {@link Memories} already when they are
 * put, so putting keeps nothing; reading and restoring go to the resident rows. A {@link
 * LocalSnapshot} keeps what is committed on disk, so that only the rest of the changelog is read.
 *
 * <p>That it is persistent has a second use: only then does Kafka Streams keep the process id in
 * the state folder, and with it the transactional id, so that a restarted instance fences the
 * transaction of the one that was killed instead of waiting for its timeout (measured: 3 s instead
 * of 17 s).
 */
final class MemoryStore extends BareStore {

  /**
   * What Kafka Streams takes for "restore from the beginning" (its offset checkpoint's unknown).
   */
  private static final long RESTORE_ALL = -4;

  /** The thread that opens every store once at the start, only to read offsets, is not one. */
  private static final String STREAM_THREAD = "-StreamThread-";

  private final TaskMemory.Registry tasks;
  private final Duration snapshotEvery;
  private @Nullable StateStoreContext context;
  private @Nullable TaskMemory memory;
  private String where = "";

  MemoryStore(String name, TaskMemory.Registry tasks, Duration snapshotEvery) {
    super(name);
    this.tasks = tasks;
    this.snapshotEvery = snapshotEvery;
  }

  @Override
  public void init(StateStoreContext opening, StateStore root) {
    context = opening;
    where = name() + " of task " + opening.taskId();
    memory = tasks.open(opening.taskId(), memories -> snapshot(opening, memories));
    opening.register(root, this::restore);
    opened();
  }

  private @Nullable LocalSnapshot snapshot(StateStoreContext of, Memories memories) {
    if (snapshotEvery.isZero()) {
      return null;
    }
    Object shared = of.appConfigs().get(StreamsConfig.producerPrefix(Acknowledged.PROPERTY));
    return new LocalSnapshot(
        folder(of),
        memories,
        snapshotEvery,
        shared instanceof Acknowledged acknowledged ? acknowledged : null);
  }

  private Path folder(StateStoreContext of) {
    return of.stateDir().toPath().resolve(name());
  }

  private void restore(byte[] key, byte @Nullable [] value) {
    open().restore(where).row(key, value);
  }

  private TaskMemory open() {
    if (memory == null) {
      throw new IllegalStateException(name() + " is not open");
    }
    return memory;
  }

  private Memories memories() {
    return open().memories();
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    // The row is resident; the layer above writes the changelog.
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    int slot = memories().find(key.get());
    return slot < 0 ? null : RowCodec.write(memories(), slot);
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    byte[] present = get(key);
    int slot = memories().find(key.get());
    if (slot >= 0) {
      LocalSnapshot snapshot = open().snapshot();
      if (snapshot != null) {
        snapshot.forgotten(key.get(), slot);
      }
      memories().remove(slot);
    }
    return present;
  }

  @Override
  public long approximateNumEntries() {
    return memories().size();
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return new Rows(memories());
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  @SuppressWarnings("deprecation") // Deprecated because it shall be true for everyone.
  public boolean managesOffsets() {
    return true;
  }

  /** Returns the offset that the snapshot includes, once it is known to be readable. */
  @Override
  public Long committedOffset(TopicPartition partition) {
    LocalSnapshot snapshot = open().snapshot();
    if (snapshot == null) {
      wipeOld();
      return RESTORE_ALL;
    }
    if (Thread.currentThread().getName().contains(STREAM_THREAD) && !open().load()) {
      return RESTORE_ALL;
    }
    snapshot.changelog(partition);
    return snapshot.offset().orElse(RESTORE_ALL);
  }

  /** What lies here of other times would be too old one day: tombstones do not last for ever. */
  private void wipeOld() {
    if (context != null) {
      new LocalSnapshot(folder(context), memories(), snapshotEvery, null).wipe();
    }
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    LocalSnapshot snapshot = open().snapshot();
    if (snapshot == null || !open().isLoaded()) {
      return;
    }
    if (changelogOffsets.isEmpty()) {
      snapshot.wipe();
    }
    changelogOffsets.forEach(
        (partition, offset) -> {
          snapshot.changelog(partition);
          if (offset >= 0) {
            snapshot.settled(offset);
          }
        });
  }

  @Override
  public void close() {
    super.close();
    if (context != null && memory != null) {
      if (memory.snapshot() != null) {
        memory.snapshot().close();
      }
      tasks.close(context.taskId(), memory);
    }
    memory = null;
  }

  /** Walks over the rows as they are now. */
  static final class Rows implements KeyValueIterator<Bytes, byte[]> {

    private final Memories memories;
    private int slot = -1;

    Rows(Memories memories) {
      this.memories = memories;
      advance();
    }

    private void advance() {
      do {
        slot++;
      } while (slot < memories.slotLimit() && !memories.isUsed(slot));
    }

    @Override
    public boolean hasNext() {
      return slot < memories.slotLimit();
    }

    @Override
    public Bytes peekNextKey() {
      return Bytes.wrap(memories.key(slot));
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no more keys");
      }
      KeyValue<Bytes, byte[]> row =
          KeyValue.pair(Bytes.wrap(memories.key(slot)), RowCodec.write(memories, slot));
      advance();
      return row;
    }

    @Override
    public void close() {}
  }

  /** Makes the store of each task. */
  static org.apache.kafka.streams.state.KeyValueBytesStoreSupplier supplier(
      String name, TaskMemory.Registry tasks, Duration snapshotEvery) {
    return new Supplier(name, () -> new MemoryStore(name, tasks, snapshotEvery));
  }

  /** Names a store and makes it. */
  record Supplier(String name, java.util.function.Supplier<KeyValueStore<Bytes, byte[]>> maker)
      implements org.apache.kafka.streams.state.KeyValueBytesStoreSupplier {

    @Override
    public KeyValueStore<Bytes, byte[]> get() {
      return maker.get();
    }

    @Override
    public String metricsScope() {
      return "sluice";
    }
  }
}
