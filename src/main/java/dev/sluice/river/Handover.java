package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.state.Memories;
import dev.sluice.state.RowLayout;
import org.jspecify.annotations.Nullable;

/**
 * Which version judges an event, and what becomes of its key's memory where that is another one
 * than before: the policy of {@link Settings.OnSwap}.
 *
 * <p>The policy is for another <em>version</em>. An entry that puts the version in force that a key
 * has already (a canary that is promoted, a rollback that the key did not need) changes nothing.
 */
final class Handover {

  private final Settings.OnSwap onSwap;
  private final Memories memories;
  private final @Nullable Window window;
  private final boolean shadows;
  private final int shadowEvents;
  private long resets;

  /**
   * Creates a handover.
   *
   * @param window of events that rows hold, null for none
   */
  Handover(Settings.OnSwap onSwap, Memories memories, @Nullable Window window) {
    this.onSwap = onSwap;
    this.memories = memories;
    this.window = window;
    this.shadows = onSwap instanceof Settings.OnSwap.Shadow;
    this.shadowEvents = onSwap instanceof Settings.OnSwap.Shadow(int events) ? events : 0;
  }

  /** Returns the entry in force for an event of the key in {@code slot}. */
  Models.Entry<Model> target(Event event, int slot, Models<Model> models) {
    long sequence = memories.sequence(slot);
    long atLeast = shadows ? Math.max(sequence, Shadow.sequence(memories, slot)) : sequence;
    return models.inForce(event.timeMillis(), atLeast, event.key());
  }

  /**
   * Returns the entry whose model judges where {@code target} is in force: another one while the
   * model of {@code target} is only a shadow of it.
   */
  Models.Entry<Model> judge(int slot, Models.Entry<Model> target, Models<Model> models) {
    int version = memories.version(slot);
    if (!shadows || memories.sequence(slot) == 0 || version == target.version()) {
      return target;
    }
    boolean warm =
        Shadow.version(memories, slot) == target.version()
            && Shadow.steps(memories, slot) >= shadowEvents;
    Models.Entry<Model> old = warm ? null : models.ofVersion(version);
    return old == null ? target : old;
  }

  /**
   * Gives the key a row that the model of {@code entry} can step, by the policy.
   *
   * @param layout of such a row
   * @return whether the memory is zeros that the events of the window are to be replayed into
   */
  boolean takeOver(int slot, Models.Entry<Model> entry, RowLayout layout) {
    long sequence = memories.sequence(slot);
    if (sequence == entry.sequence() && memories.fits(slot, layout)) {
      return false;
    }
    // A topic that was made anew counts from the beginning.
    boolean another = memories.version(slot) != entry.version() || sequence > entry.sequence();
    boolean cold = false;
    if (sequence == 0) {
      memories.reset(slot, layout);
    } else if (another) {
      cold = apply(slot, entry, layout);
    } else {
      carry(slot, layout);
    }
    memories.steppedBy(slot, entry.sequence(), entry.version());
    return cold;
  }

  private boolean apply(int slot, Models.Entry<Model> entry, RowLayout layout) {
    switch (onSwap) {
      case Settings.OnSwap.Keep _ -> carry(slot, layout);
      case Settings.OnSwap.Reset _ -> beginAnew(slot, layout);
      case Settings.OnSwap.Rewarm _ -> {
        return rewarm(slot, layout);
      }
      case Settings.OnSwap.Shadow _ -> promote(slot, entry, layout);
    }
    return false;
  }

  /** The memory goes on where it can. */
  private void carry(int slot, RowLayout layout) {
    if (memories.hasRow(slot) && memories.layout(slot).isAlike(layout)) {
      memories.reshape(slot, layout);
    } else {
      beginAnew(slot, layout);
    }
  }

  void beginAnew(int slot, RowLayout layout) {
    memories.reset(slot, layout);
    resets++;
  }

  private boolean rewarm(int slot, RowLayout layout) {
    if (window == null || !memories.layout(slot).strips().contains(window.strip())) {
      beginAnew(slot, layout);
      return false;
    }
    // Records that were set by other statistics than this model keeps are lost.
    resets += memories.layout(slot).stats() == layout.stats() ? 0 : 1;
    memories.reshape(slot, layout);
    memories.page(slot).fill(memories.offset(slot), layout.layerFloats(), 0);
    return true;
  }

  /** As warm as it is, where the old version is not there any more. */
  private void promote(int slot, Models.Entry<Model> entry, RowLayout layout) {
    boolean underWay =
        Shadow.version(memories, slot) == entry.version() && Shadow.fits(memories, slot, layout);
    if (underWay) {
      memories.promote(slot, Shadow.KIND, Shadow.HEADER, layout);
    } else {
      beginAnew(slot, layout);
    }
  }

  /**
   * Gives the key a row that its version goes on with, and that of {@code target} beside it.
   *
   * @param layout of such a row
   * @param stats of a row of the version of {@code target}
   */
  void putBeside(int slot, Models.Entry<Model> target, RowLayout layout, int stats) {
    if (!memories.fits(slot, layout)) {
      carry(slot, layout);
    }
    if (Shadow.version(memories, slot) != target.version()) {
      Shadow.begin(memories, slot, target.version(), stats);
    }
    Shadow.putInForceBy(memories, slot, target.sequence());
  }

  /** Returns how often a memory began anew. */
  long resets() {
    return resets;
  }
}
