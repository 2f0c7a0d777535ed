package dev.sluice.registry;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one version are on the topic. Offsets only: the weights themselves are read
 * when they are wanted, one artifact at a time.
 */
final class Shelf {

  private static final long ABSENT = -1;

  private long[] chunkOffsets = new long[0];
  private int present;
  private long manifestOffset = ABSENT;
  private @Nullable Manifest manifest;
  private @Nullable String problem;

  /** Notes that chunk {@code index} is at {@code offset}. */
  void putChunk(int index, long offset) {
    if (index >= chunkOffsets.length) {
      int before = chunkOffsets.length;
      int size = Math.min(WeightsTopic.MAX_CHUNKS, Math.max(index + 1, 2 * before));
      chunkOffsets = Arrays.copyOf(chunkOffsets, size);
      Arrays.fill(chunkOffsets, before, size, ABSENT);
    }
    if (chunkOffsets[index] == ABSENT) {
      present++;
    }
    chunkOffsets[index] = offset;
  }

  /** Notes that chunk {@code index} was removed. */
  void removeChunk(int index) {
    if (chunkOffset(index) != ABSENT) {
      chunkOffsets[index] = ABSENT;
      present--;
    }
  }

  /** Notes what the chunks must add up to. */
  void putManifest(Manifest readable, long offset) {
    manifest = readable;
    problem = null;
    manifestOffset = offset;
  }

  /** Notes that the manifest is no use, and why. */
  void putProblem(String why, long offset) {
    manifest = null;
    problem = why;
    manifestOffset = offset;
  }

  /** Notes that the manifest was removed. */
  void removeManifest() {
    manifest = null;
    problem = null;
    manifestOffset = ABSENT;
  }

  /** Returns the manifest if there is a readable one. */
  @Nullable Manifest manifest() {
    return manifest;
  }

  /** Returns why the manifest that is there is no use; null if there is none, or a good one. */
  @Nullable String problem() {
    return problem;
  }

  /** Returns where the manifest is; changes whenever the version is published anew. */
  long manifestOffset() {
    return manifestOffset;
  }

  /** Returns how many chunks there are. */
  int present() {
    return present;
  }

  /** Returns one more than the largest chunk index noted so far. */
  int capacity() {
    return chunkOffsets.length;
  }

  /** Returns where chunk {@code index} is, negative if it is nowhere. */
  long chunkOffset(int index) {
    return index < chunkOffsets.length ? chunkOffsets[index] : ABSENT;
  }

  /** Returns the first chunk of {@code wanted} that is nowhere, or {@code wanted.chunks()}. */
  int firstMissing(Manifest wanted) {
    int index = 0;
    while (index < wanted.chunks() && chunkOffset(index) != ABSENT) {
      index++;
    }
    return index;
  }
}
