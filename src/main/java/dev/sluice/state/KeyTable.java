package dev.sluice.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slot of a key: open addressing over key bytes, with the slots numbered densely from 0
 * so that everything else about a key can live in plain arrays.
 */
final class KeyTable {

  private static final int EMPTY = -1;
  private static final int FIRST_SLOTS = 1024;

  /** Places, hashes, the array's header, and what others keep by slot. */
  private static final int SLOT_BYTES = 112;

  /**
   * Keys come from outside. Unlike with {@link Arrays#hashCode(byte[])}, nobody can choose keys
   * that all begin their search at one place, because nobody knows these two; and no result depends
   * on where a key stands.
   */
  private static final long SECRET = new SecureRandom().nextLong();

  private static final long MULTIPLIER = new SecureRandom().nextLong() | 1;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private byte[] @Nullable [] keys = new byte[FIRST_SLOTS][];
  private int[] hashes = new int[FIRST_SLOTS];
  private int[] free = new int[16];
  private int freeCount;
  private int slots;
  private long bytes;

  // At least twice as many places as slots, so that probes stay short.
  private int[] places = empty(4 * FIRST_SLOTS);

  private static int[] empty(int size) {
    int[] places = new int[size];
    Arrays.fill(places, EMPTY);
    return places;
  }

  /** Returns the number of keys. */
  int size() {
    return slots - freeCount;
  }

  /** Returns, about, the bytes that all keys take here and in the arrays by slot. */
  long bytes() {
    return bytes;
  }

  /** Returns, about, the bytes that {@code key} takes, whatever its row takes. */
  static long bytes(byte[] key) {
    return (long) SLOT_BYTES + (key.length + 7 & -8);
  }

  /** Returns a number greater than every slot. */
  int slotLimit() {
    return slots;
  }

  /** Returns the key in {@code slot}, null where the slot is free. */
  byte @Nullable [] key(int slot) {
    return keys[slot];
  }

  /** Returns the slot of {@code key}, or -1. */
  int find(byte[] key) {
    int hash = hash(key);
    int mask = places.length - 1;
    for (int place = hash & mask; places[place] != EMPTY; place = place + 1 & mask) {
      int slot = places[place];
      if (hashes[slot] == hash && Arrays.equals(keys[slot], key)) {
        return slot;
      }
    }
    return -1;
  }

  /** Adds a key that is not there and returns its slot; keeps the array. */
  int add(byte[] key) {
    int slot = freeCount > 0 ? free[--freeCount] : newSlot();
    keys[slot] = key;
    hashes[slot] = hash(key);
    bytes += bytes(key);
    if (places.length < 2 * size()) {
      rehash();
    } else {
      place(slot);
    }
    return slot;
  }

  private int newSlot() {
    if (slots == keys.length) {
      keys = Arrays.copyOf(keys, 2 * slots);
      hashes = Arrays.copyOf(hashes, 2 * slots);
    }
    return slots++;
  }

  private void rehash() {
    places = empty(2 * places.length);
    for (int slot = 0; slot < slots; slot++) {
      if (keys[slot] != null) {
        place(slot);
      }
    }
  }

  private void place(int slot) {
    int mask = places.length - 1;
    int place = hashes[slot] & mask;
    while (places[place] != EMPTY) {
      place = place + 1 & mask;
    }
    places[place] = slot;
  }

  /** Removes the key in {@code slot}; the slot is given to a later key. */
  void remove(int slot) {
    int mask = places.length - 1;
    int hole = hashes[slot] & mask;
    while (places[hole] != slot) {
      hole = hole + 1 & mask;
    }
    bytes -= bytes(Objects.requireNonNull(keys[slot]));
    keys[slot] = null;
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, 2 * freeCount);
    }
    free[freeCount++] = slot;
    close(hole, mask);
  }

  /** Moves later entries of the probe sequence up, so that no search ends at the hole. */
  private void close(int firstHole, int mask) {
    int hole = firstHole;
    for (int place = hole + 1 & mask; places[place] != EMPTY; place = place + 1 & mask) {
      int home = hashes[places[place]] & mask;
      if ((place - home & mask) >= (place - hole & mask)) {
        places[hole] = places[place];
        hole = place;
      }
    }
    places[hole] = EMPTY;
  }

  /** Multiplies and folds eight bytes at a time, as wyhash does. */
  private static int hash(byte[] key) {
    long hash = SECRET ^ key.length;
    int i = 0;
    for (; i <= key.length - Long.BYTES; i += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(key, i));
    }
    long tail = 0;
    for (; i < key.length; i++) {
      tail = tail << 8 | (key[i] & 0xff);
    }
    hash = mix(hash ^ tail);
    return (int) (hash ^ hash >>> 32);
  }

  private static long mix(long value) {
    return value * MULTIPLIER ^ Math.unsignedMultiplyHigh(value, MULTIPLIER);
  }
}
