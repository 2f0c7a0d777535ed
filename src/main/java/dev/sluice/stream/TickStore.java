package dev.sluice.stream;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * A hook into the commit, made of public interfaces: the store below a record cache. A processor
 * puts one entry per wave into the cache; Kafka Streams flushes the cache while it prepares a
 * commit, before the producer is flushed and the transaction ends, and that is when {@link #put}
 * here is called.
 *
 * <p>Without a cache it is called for every wave: more writing, as correct.
 */
final class TickStore extends BareStore {

  private final TaskMemory.Registry tasks;
  private @Nullable TaskId task;

  private TickStore(String name, TaskMemory.Registry tasks) {
    super(name);
    this.tasks = tasks;
  }

  static KeyValueBytesStoreSupplier supplier(String name, TaskMemory.Registry tasks) {
    return new MemoryStore.Supplier(name, () -> new TickStore(name, tasks));
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    task = context.taskId();
    context.register(root, (key, value) -> {});
    opened();
  }

  @Override
  public void put(Bytes key, byte @Nullable [] value) {
    if (task != null) {
      tasks.commitIsNear(task);
    }
  }

  @Override
  public byte @Nullable [] get(Bytes key) {
    return null;
  }

  @Override
  public byte @Nullable [] delete(Bytes key) {
    return null;
  }

  @Override
  public long approximateNumEntries() {
    return 0;
  }

  @Override
  public KeyValueIterator<Bytes, byte[]> all() {
    throw new UnsupportedOperationException(name() + " holds nothing");
  }

  @Override
  public boolean persistent() {
    return false;
  }
}
