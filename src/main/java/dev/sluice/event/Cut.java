package dev.sluice.event;

/**
 * How the text of a field is cut into words, each of them a step: an event with such a field is as
 * many events of one key and time as its text has words, with one result.
 *
 * <p>Immutable; a value, so that equal schemas are equal.
 */
public interface Cut {

  /** Returns the most words of a text; one with more is refused. */
  int most();

  /** Returns a cutter of one's own. */
  Cutter open();

  /** Cuts texts; used by one thread. */
  interface Cutter {

    /**
     * Cuts a text.
     *
     * @param utf8 the text, from {@code from} up to {@code to}; well-formed
     * @param steps takes its words, in order
     */
    void cut(byte[] utf8, int from, int to, Steps steps);
  }
}
