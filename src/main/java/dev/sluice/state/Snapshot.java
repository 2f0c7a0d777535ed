package dev.sluice.state;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The committed rows of one task on local disk, so that a restart reads only what the changelog got
 * since.
 *
 * <p>A round writes every row that changed since the round before, a little at each commit, and
 * ends with a mark: "everything up to changelog offset X is in here", X being where the changelog
 * stood when the round began. A row that changes meanwhile may be written newer than X says, which
 * does no harm: reading the changelog from X on ends in the same rows.
 *
 * <p>Rows are appended; the newest entry of a key counts. Where dead entries outweigh the living,
 * the living ones of the oldest segment are written again with the next round, and the segment is
 * deleted. Nothing is ever copied at once, and no commit pays for more than its share.
 *
 * <p>Confined to the task's thread. Methods that say "committed" may only be called while the
 * resident rows are exactly those that the changelog holds.
 */
public final class Snapshot {

  /** At most one part in this many of the thread's time goes into writing. */
  private static final int SHARE = 20;

  private static final long LEAST_NANOS = 500_000;
  private static final long MOST_NANOS = 20_000_000;
  private static final long SEGMENT_BYTES = 32L << 20;

  private final SnapshotLog log;
  private final Memories memories;
  private final String where;
  private final long everyNanos;
  private final long segmentBytes;

  // By slot: one bit for "changed since it was written"; the segment of its newest entry, or 0.
  private long[] unsaved = new long[16];
  private int[] segmentOf = new int[1024];

  private final List<byte[]> forgotten = new ArrayList<>();
  private final List<Segment> segments = new ArrayList<>();

  private boolean begun;
  private boolean inRound;
  private int cursor; // In a round: the next slot to look at.
  private long roundOffset;
  private int firstNeeded; // Segments before this one go when the round ends.
  private long lastRoundNanos;
  private long lastNanos;

  /** How much of a segment is still needed. */
  private static final class Segment {
    final int number;
    int entries;
    int living;
    long bytes;

    Segment(int number) {
      this.number = number;
    }
  }

  /**
   * Creates a snapshot; touches no file.
   *
   * @param folder where its files are or will be; nobody else's
   * @param memories what is written and read
   * @param every how often a round begins
   */
  public Snapshot(Path folder, Memories memories, Duration every) {
    this(folder, memories, every, SEGMENT_BYTES);
  }

  Snapshot(Path folder, Memories memories, Duration every, long segmentBytes) {
    this.log = new SnapshotLog(folder, segmentBytes);
    this.memories = memories;
    this.where = "snapshot " + folder;
    this.everyNanos = every.toNanos();
    this.segmentBytes = segmentBytes;
    this.lastRoundNanos = System.nanoTime();
    this.lastNanos = lastRoundNanos;
  }

  /**
   * Returns the changelog offset that is included, without reading rows; empty if there is none.
   */
  public OptionalLong offset() throws IOException, UnreadableSnapshotException {
    Optional<SnapshotLog.Mark> mark = log.mark();
    return mark.isPresent() ? OptionalLong.of(mark.get().offset()) : OptionalLong.empty();
  }

  /**
   * Reads the rows into the memories, which must be empty.
   *
   * @return the changelog offset that is included, empty if there is no snapshot
   * @throws UnreadableSnapshotException if a file is not as it was written; the memories hold
   *     nothing of use then, and the files are to be wiped
   */
  public OptionalLong load() throws IOException, UnreadableSnapshotException {
    Optional<SnapshotLog.Mark> mark = log.mark();
    if (mark.isEmpty()) {
      return OptionalLong.empty();
    }
    segments.clear();
    for (int n = mark.get().firstSegment(); n <= mark.get().lastSegment(); n++) {
      segments.add(new Segment(n));
    }
    log.load(mark.get(), this::take);
    begun = true;
    return OptionalLong.of(mark.get().offset());
  }

  private void take(byte[] key, byte @Nullable [] row, int segment) {
    if (row == null) {
      int slot = memories.find(key);
      if (slot >= 0) {
        abandonEntry(slot);
        memories.remove(slot);
      }
      segment(segment).entries++;
      return;
    }
    RowCodec.read(key, row, where, memories);
    enter(memories.find(key), segment, row.length);
  }

  private Segment segment(int number) {
    while (segments.isEmpty() || segments.getLast().number < number) {
      segments.add(new Segment(segments.isEmpty() ? number : segments.getLast().number + 1));
    }
    return segments.get(number - segments.getFirst().number);
  }

  private void enter(int slot, int number, int bytes) {
    abandonEntry(slot);
    segmentOf[slot] = number;
    Segment segment = segment(number);
    segment.entries++;
    segment.living++;
    segment.bytes += bytes;
  }

  /** The newest entry of the key in this slot, if there is one, is dead. */
  private void abandonEntry(int slot) {
    if (slot >= segmentOf.length) {
      segmentOf = Arrays.copyOf(segmentOf, Math.max(2 * segmentOf.length, slot + 1));
    }
    if (segmentOf[slot] != 0) {
      segment(segmentOf[slot]).living--;
      segmentOf[slot] = 0;
    }
  }

  /** Notes that a row differs from what was written of it, once the commit under way is done. */
  public void changed(int slot) {
    int word = slot >> 6;
    if (word >= unsaved.length) {
      unsaved = Arrays.copyOf(unsaved, Math.max(2 * unsaved.length, word + 1));
    }
    unsaved[word] |= 1L << slot;
  }

  /** Notes that a key is forgotten and its slot free, once the commit under way is done. */
  public void forgotten(byte[] key, int slot) {
    abandonEntry(slot);
    if (slot >> 6 < unsaved.length) {
      unsaved[slot >> 6] &= ~(1L << slot);
    }
    if (begun) {
      forgotten.add(key);
    }
  }

  /**
   * Writes a share of what is to be written.
   *
   * @param offset of the changelog: the committed rows include it, and everything before it
   */
  public void committed(long offset) throws IOException {
    long now = System.nanoTime();
    long budget = Math.clamp((now - lastNanos) / SHARE, LEAST_NANOS, MOST_NANOS);
    lastNanos = now;
    if (!inRound && now - lastRoundNanos < everyNanos) {
      return;
    }
    beginIfNew();
    writeForgotten();
    if (!inRound) {
      beginRound(offset);
      lastRoundNanos = now;
    }
    if (writeRows(now + budget)) {
      endRound(roundOffset);
    }
  }

  /**
   * Writes everything that is to be written.
   *
   * @param offset of the changelog: the committed rows include it, and everything before it
   */
  public void finish(long offset) throws IOException {
    beginIfNew();
    writeForgotten();
    if (!inRound) {
      beginRound(offset);
    }
    cursor = 0; // Rows before the cursor may have changed again, and this mark is to include them.
    writeRows(Long.MAX_VALUE);
    endRound(offset);
  }

  private void beginIfNew() throws IOException {
    if (begun) {
      return;
    }
    log.begin();
    begun = true;
    forgotten.clear();
    segments.clear();
    Arrays.fill(segmentOf, 0);
    for (int slot = 0; slot < memories.slotLimit(); slot++) {
      if (memories.isUsed(slot)) {
        changed(slot);
      }
    }
  }

  private void writeForgotten() throws IOException {
    for (byte[] key : forgotten) {
      segment(log.append(key, null)).entries++;
    }
    forgotten.clear();
  }

  private void beginRound(long offset) {
    inRound = true;
    cursor = 0;
    roundOffset = offset;
    firstNeeded = firstWorthKeeping();
    for (int slot = 0; slot < Math.min(segmentOf.length, memories.slotLimit()); slot++) {
      if (segmentOf[slot] != 0 && segmentOf[slot] < firstNeeded) {
        changed(slot);
      }
    }
  }

  /** Returns the oldest segment to keep, so that the dead outweigh the living by one segment. */
  private int firstWorthKeeping() {
    double living = 0;
    long all = 0;
    for (Segment segment : segments) {
      all += segment.bytes;
      living +=
          segment.entries == 0 ? 0 : (double) segment.bytes * segment.living / segment.entries;
    }
    int first = segments.isEmpty() ? log.headNumber() : segments.getFirst().number;
    for (Segment segment : segments) {
      if (all <= 2 * living + segmentBytes || segment.number >= log.headNumber()) {
        break;
      }
      all -= segment.bytes;
      first = segment.number + 1;
    }
    return first;
  }

  /** Writes rows from the cursor on; returns whether it came to the end. */
  private boolean writeRows(long untilNanos) throws IOException {
    int words = Math.min(unsaved.length, (memories.slotLimit() + 63) >> 6);
    while (cursor < words) {
      long bits = unsaved[cursor];
      unsaved[cursor] = 0;
      for (; bits != 0; bits &= bits - 1) {
        write((cursor << 6) + Long.numberOfTrailingZeros(bits));
      }
      cursor++;
      if ((cursor & 3) == 0 && System.nanoTime() > untilNanos && untilNanos != Long.MAX_VALUE) {
        return cursor >= words;
      }
    }
    return true;
  }

  private void write(int slot) throws IOException {
    if (memories.isUsed(slot) && memories.hasRow(slot)) {
      byte[] row = RowCodec.write(memories, slot);
      enter(slot, log.append(memories.key(slot), row), row.length);
    }
  }

  private void endRound(long offset) throws IOException {
    log.mark(firstNeeded, offset);
    while (!segments.isEmpty() && segments.getFirst().number < firstNeeded) {
      segments.removeFirst();
    }
    inRound = false;
  }

  /** Deletes the files; the next round writes everything. */
  public void wipe() throws IOException {
    begun = false;
    inRound = false;
    log.wipe();
  }

  /** Closes the files; what was written since the last mark is void. */
  public void close() throws IOException {
    begun = false;
    inRound = false;
    log.close();
  }
}
