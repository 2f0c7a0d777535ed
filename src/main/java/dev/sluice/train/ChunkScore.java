package dev.sluice.train;

import java.util.List;

/**
 * How well chunks of tags are found, as CoNLL's conlleval counts: a chunk, B-x I-x …, is right if
 * it begins and ends where it should and has the right x. An I-x that follows no x begins a chunk.
 */
public final class ChunkScore {

  private static final String OUTSIDE = "O";

  private long wanted;
  private long found;
  private long right;

  /** Creates a score of nothing yet. */
  public ChunkScore() {}

  /**
   * Adds a message.
   *
   * @param wantedTags what its tokens should have been tagged
   * @param saidTags what they were, as many
   */
  public void add(List<String> wantedTags, List<String> saidTags) {
    boolean same = false; // Whether both have begun the same chunk, and gone on with it.
    for (int t = 0; t <= wantedTags.size(); t++) {
      boolean wantedEnds = ends(wantedTags, t);
      boolean saidEnds = ends(saidTags, t);
      right += same && wantedEnds && saidEnds ? 1 : 0;
      same &= wantedEnds == saidEnds && !wantedEnds;
      boolean wantedBegins = begins(wantedTags, t);
      boolean saidBegins = begins(saidTags, t);
      wanted += wantedBegins ? 1 : 0;
      found += saidBegins ? 1 : 0;
      same |= wantedBegins && saidBegins && kind(wantedTags, t).equals(kind(saidTags, t));
    }
  }

  /** Returns the harmonic mean of precision and recall; NaN if there was nothing to find. */
  public double f1() {
    return 2.0 * right / (wanted + found);
  }

  private static boolean begins(List<String> tags, int t) {
    return !kind(tags, t).equals(OUTSIDE) && !continues(tags, t);
  }

  private static boolean ends(List<String> tags, int t) {
    return !kind(tags, t - 1).equals(OUTSIDE) && !continues(tags, t);
  }

  private static boolean continues(List<String> tags, int t) {
    String kind = kind(tags, t);
    return !kind.equals(OUTSIDE) && !tags.get(t).startsWith("B-") && kind.equals(kind(tags, t - 1));
  }

  private static String kind(List<String> tags, int t) {
    if (t < 0 || t >= tags.size()) {
      return OUTSIDE;
    }
    String tag = tags.get(t);
    return tag.startsWith("B-") || tag.startsWith("I-") ? tag.substring(2) : tag;
  }
}
