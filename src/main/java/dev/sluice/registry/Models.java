package dev.sluice.registry;

import dev.sluice.event.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Timeline} with the models it speaks of: answers which one is in force for an event.
 *
 * <p>Immutable; a new publication makes a new one. A version that could not be loaded is left out,
 * as if its entries had never been written.
 *
 * @param <M> a loaded model
 */
public final class Models<M> {

  private final List<Entry<M>> entries;

  private Models(List<Entry<M>> entries) {
    this.entries = List.copyOf(entries);
  }

  /** Returns no models. */
  public static <M> Models<M> none() {
    return new Models<>(List.of());
  }

  /** Returns the entries of {@code timeline} whose version is among {@code loaded}. */
  public static <M> Models<M> of(Timeline timeline, Map<Integer, M> loaded) {
    List<Entry<M>> entries = new ArrayList<>();
    for (Timeline.Entry entry : timeline.entries()) {
      M model = loaded.get(entry.version());
      if (model != null) {
        entries.add(
            new Entry<>(
                entry.sequence(), entry.version(), entry.validFromMillis(), entry.share(), model));
      }
    }
    return new Models<>(entries);
  }

  /** Returns whether there is no model at all, so that {@link #inForce} must not be called. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Returns the entries, oldest first. */
  public List<Entry<M>> entries() {
    return entries;
  }

  /**
   * Returns what was known when the entry of {@code sequence} was the newest: this one and those
   * before it.
   */
  public Models<M> upTo(long sequence) {
    return new Models<>(entries.stream().filter(entry -> entry.sequence <= sequence).toList());
  }

  /**
   * Returns a number that tells histories apart: it is the same where every event finds the same
   * version, in every process, and, but for chance, another one where the entries differ. It is
   * stored, so it must not change.
   */
  public long fingerprint() {
    long all = entries.size();
    for (Entry<M> entry : entries) {
      all = Hash.mixed(all ^ entry.sequence);
      all = Hash.mixed(all ^ entry.version);
      all = Hash.mixed(all ^ entry.validFromMillis);
      if (entry.isCanary()) {
        all = Hash.mixed(all ^ Double.doubleToLongBits(entry.share));
      }
    }
    return all;
  }

  /**
   * Returns the entry that was published or rolled back to last.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public Entry<M> newest() {
    return entries.getLast();
  }

  /** Returns the newest entry of a version, null if there is none; one step for each entry. */
  public @Nullable Entry<M> ofVersion(int version) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      if (entries.get(i).version == version) {
        return entries.get(i);
      }
    }
    return null;
  }

  /**
   * Returns the entry in force for a new key's event where the key is in no canary: the last whose
   * {@code validFrom} is not after it, the first before them all.
   */
  public Entry<M> inForce(long eventTimeMillis) {
    for (Entry<M> entry : entries.reversed()) {
      if (!entry.isCanary() && entry.validFromMillis <= eventTimeMillis) {
        return entry;
      }
    }
    return entries.getFirst();
  }

  /**
   * Returns the entry in force for an event of a key: the last in the order of publication whose
   * {@code validFrom} is not after the event, the first for events before them all. If that is a
   * canary and the key is not among its share, it is the last of those that are for all keys.
   *
   * <p>A key never goes back: where that would be an entry before {@code atLeastSequence}, it is
   * the first from there on that is for the key. (If the history ends before it, because the topic
   * was made anew, it is the newest.) Takes one comparison for an event the newest entry is in
   * force for, and one step for each entry published since otherwise; allocates nothing.
   *
   * @param eventTimeMillis epoch milliseconds of event time
   * @param atLeastSequence the largest sequence the key's memory was stepped with, 0 for none
   * @param key the key's bytes; read only where there is a canary
   */
  public Entry<M> inForce(long eventTimeMillis, long atLeastSequence, byte[] key) {
    assert !entries.isEmpty() : "no model to be in force";
    @Nullable Entry<M> next = null; // The earliest for the key of those that were looked at.
    boolean passed = false; // A canary that has begun: those before it ended with that.
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry<M> entry = entries.get(i);
      boolean left = entry.sequence < atLeastSequence;
      if (left && next != null) {
        return next;
      }
      boolean begun = left || entry.validFromMillis <= eventTimeMillis;
      boolean covers = entry.covers(key);
      boolean ended = passed && entry.isCanary();
      if (begun && covers && !ended) {
        return entry;
      }
      passed |= begun;
      next = covers ? entry : next;
    }
    // A canary alone, because what the other keys had could not be loaded, is better than nothing.
    return Objects.requireNonNullElse(next, entries.getFirst());
  }

  /**
   * A model and since when it is in force.
   *
   * @param sequence place in the whole history of this model, from 1
   * @param version of the weights, from 1
   * @param validFromMillis the first event time it is in force for, or {@link Timeline#IMMEDIATE}
   * @param share of the keys it is in force for, in (0, 1]; less than 1 for a canary
   */
  public record Entry<M>(long sequence, int version, long validFromMillis, double share, M model) {

    /** Returns whether it is in force for a share of the keys only. */
    public boolean isCanary() {
      return share < Timeline.Entry.ALL;
    }

    private boolean covers(byte[] key) {
      return !isCanary() || KeyShare.place(key) < share;
    }
  }
}
