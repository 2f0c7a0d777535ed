package dev.sluice.stream;

import dev.sluice.state.Memories;
import dev.sluice.state.RowCodec;
import dev.sluice.state.Silence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * The store below the changelog where memories are kept on disk: the RocksDB store of Kafka
 * Streams, which is restored as usual, and before it the {@link Memories} of the keys in use.
 * Changed rows come here with the commit, or when they must make room.
 *
 * <p>Under exactly-once Kafka Streams empties the store on disk after a process was killed, and
 * restores it from the changelog.
 */
final class DiskStore extends BareStore {

  private final TaskMemory.Registry tasks;
  private final KeyValueStore<Bytes, byte[]> disk;
  private @Nullable TaskId task;
  private @Nullable TaskMemory memory;
  private @Nullable Bytes sweptTo; // Where the search for idle keys goes on; null at the beginning.

  private DiskStore(String name, TaskMemory.Registry tasks) {
    super(name);
    this.tasks = tasks;
    this.disk = Stores.persistentKeyValueStore(name).get();
  }

  static KeyValueBytesStoreSupplier supplier(String name, TaskMemory.Registry tasks) {
    return new MemoryStore.Supplier(name, () -> new DiskStore(name, tasks));
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    task = context.taskId();
    TaskMemory opened = tasks.open(context.taskId(), _ -> null);
    memory = opened;
    opened.onDisk(this);
    opened.memories().backedBy(key -> row(Bytes.wrap(key)));
    disk.init(context, root); // Registers the restoring, too: rows go to the disk as they are.
    opened();
  }

  /** Rows may have been written by a resident store that dated them. */
  private byte @Nullable [] row(Bytes key) {
    byte[] stored = disk.get(key);
    return stored == null ? null : DatedRow.row(stored);
  }

  /** Returns whether the rows lack events that are to be recomputed. */
  boolean lacksEvents() {
    return disk.get(Bytes.wrap(Span.key())) != null;
  }

  private Memories memories() {
    if (memory == null) {
      throw new IllegalStateException(name() + " is not open");
    }
    return memory.memories();
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    disk.put(key, value);
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    int slot = memories().find(key.get());
    return slot >= 0 && memories().hasRow(slot) ? RowCodec.write(memories(), slot) : row(key);
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    int slot = memories().find(key.get());
    if (slot >= 0) {
      memories().remove(slot);
    }
    return disk.delete(key);
  }

  @Override
  public long approximateNumEntries() {
    return disk.approximateNumEntries();
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    return new Both(memories(), new MemoryStore.Rows(memories()), disk.all());
  }

  /**
   * Returns keys that are not resident and had their last event more than {@code idleMillis} before
   * {@code now}, among the next {@code looks} on disk.
   */
  List<Bytes> idle(int looks, long now, long idleMillis) {
    List<Bytes> idle = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> rows = disk.range(sweptTo, null)) {
      sweptTo = null;
      for (int i = 0; i < looks && rows.hasNext(); i++) {
        KeyValue<Bytes, byte[]> row = rows.next();
        long last = RowCodec.lastTime(DatedRow.row(row.value));
        if (Silence.isLonger(last, now, idleMillis) && isAbsent(row.key)) {
          idle.add(row.key);
        }
      }
      if (rows.hasNext()) {
        sweptTo = rows.peekNextKey();
      }
    }
    return idle;
  }

  private boolean isAbsent(Bytes key) {
    return memories().find(key.get()) < 0;
  }

  @Override
  public boolean persistent() {
    return true;
  }

  @Override
  @SuppressWarnings("deprecation") // Deprecated because it shall be true for everyone.
  public boolean managesOffsets() {
    return disk.managesOffsets();
  }

  @Override
  public @Nullable Long committedOffset(TopicPartition partition) {
    return disk.committedOffset(partition);
  }

  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    disk.commit(changelogOffsets);
  }

  @Override
  public void close() {
    super.close();
    disk.close();
    if (task != null && memory != null) {
      tasks.close(task, memory);
    }
    memory = null;
  }

  /** Walks over the resident rows, then over those on disk that are not resident. */
  private static final class Both implements KeyValueIterator<Bytes, byte[]> {

    private final Memories memories;
    private final KeyValueIterator<Bytes, byte[]> resident;
    private final KeyValueIterator<Bytes, byte[]> disk;
    private @Nullable KeyValue<Bytes, byte[]> next;

    Both(
        Memories memories,
        KeyValueIterator<Bytes, byte[]> resident,
        KeyValueIterator<Bytes, byte[]> disk) {
      this.memories = memories;
      this.resident = resident;
      this.disk = disk;
      advance();
    }

    private void advance() {
      next = resident.hasNext() ? resident.next() : null;
      while (next == null && disk.hasNext()) {
        KeyValue<Bytes, byte[]> row = disk.next();
        boolean absent = memories.find(row.key.get()) < 0;
        next = absent ? KeyValue.pair(row.key, DatedRow.row(row.value)) : null;
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Bytes peekNextKey() {
      return present().key;
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      KeyValue<Bytes, byte[]> row = present();
      advance();
      return row;
    }

    private KeyValue<Bytes, byte[]> present() {
      if (next == null) {
        throw new NoSuchElementException("no more keys");
      }
      return next;
    }

    @Override
    public void close() {
      disk.close();
    }
  }
}
