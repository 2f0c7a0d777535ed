package dev.sluice.registry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the orders of a publisher put on the topic, within a transaction.
 *
 * @param id the model
 * @param transactions one of which is open
 */
record Orders(String id, Transactions transactions) {

  /** Sends the chunks, then the label that makes them a version. */
  void weights(Manifest manifest, byte[] artifact) {
    for (int i = 0; i < manifest.chunks(); i++) {
      int from = i * manifest.chunkSize();
      byte[] chunk = Arrays.copyOfRange(artifact, from, from + manifest.chunkLength(i));
      send(new WeightsKey.Chunk(manifest.id(), manifest.version(), i), chunk);
    }
    manifest(manifest);
  }

  void manifest(Manifest manifest) {
    send(new WeightsKey.Label(manifest.id(), manifest.version()), manifest.toBytes());
  }

  void timeline(Timeline timeline) {
    send(new WeightsKey.History(timeline.id()), timeline.toBytes());
  }

  /** Sends tombstones for the chunks that are there. */
  void removal(Integer version, Shelf shelf) {
    for (int i = 0; i < shelf.capacity(); i++) {
      if (shelf.chunkOffset(i) >= 0) {
        send(new WeightsKey.Chunk(id, version, i), null);
      }
    }
  }

  private void send(WeightsKey key, byte @Nullable [] value) {
    transactions.send(key.text(), value);
  }
}
