package dev.sluice.stream;

import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The parts of a key-value store that neither of our two stores has a use for. */
abstract class BareStore implements KeyValueStore<Bytes, byte[]> {

  private final String name;
  private final Position position = Position.emptyPosition();
  private boolean open;

  BareStore(String name) {
    this.name = name;
  }

  @Override
  public final String name() {
    return name;
  }

  /** Notes that the store may be used from now on. */
  final void opened() {
    open = true;
  }

  @Override
  public void close() {
    open = false;
  }

  @Override
  public final boolean isOpen() {
    return open;
  }

  @Override
  public final Position getPosition() {
    return position;
  }

  @Override
  public final byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
    byte[] present = get(key);
    if (present == null) {
      put(key, value);
    }
    return present;
  }

  @Override
  public final void putAll(List<KeyValue<Bytes, byte[]>> entries) {
    for (KeyValue<Bytes, byte[]> entry : entries) {
      put(entry.key, entry.value);
    }
  }

  @Override
  public final KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
    throw new UnsupportedOperationException(name + " has no order of keys; ask for one key or all");
  }
}
