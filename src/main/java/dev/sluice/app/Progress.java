package dev.sluice.app;

import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * Says on standard error how far something has come, from two seconds on; on a terminal by
 * rewriting one line, elsewhere by a line now and then.
 */
final class Progress implements AutoCloseable {

  private static final long FIRST_NANOS = 2_000_000_000L;
  private static final long ON_TERMINAL_NANOS = 200_000_000L;
  private static final long ELSEWHERE_NANOS = 10_000_000_000L;
  private static final int CHECK_EVERY = 256;

  private final PrintWriter err;
  private final String unit;
  private final boolean terminal = isTerminal();
  private final long began = System.nanoTime();
  private long next = began + FIRST_NANOS;
  private long done;
  private boolean shown;

  private static boolean isTerminal() {
    // Null where the JDK was built without consoles.
    @SuppressWarnings("SystemConsoleNull")
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal;
  }

  private Progress(PrintWriter err, String unit) {
    this.err = err;
    this.unit = unit;
  }

  static Progress on(PrintWriter err, String unit) {
    return new Progress(err, unit);
  }

  /** Notes that so many more are done. */
  void add(long count) {
    long before = done;
    done += count;
    if (before / CHECK_EVERY != done / CHECK_EVERY) {
      show();
    }
  }

  private void show() {
    offer(
        () -> {
          double seconds = (System.nanoTime() - began) / 1e9;
          return done + " " + unit + ", " + Math.round(done / seconds) + " a second";
        });
  }

  /** Shows a line in place of the last one, if it is time for one. */
  void offer(Supplier<String> text) {
    long now = System.nanoTime();
    if (now >= next) {
      next = now + (terminal ? ON_TERMINAL_NANOS : ELSEWHERE_NANOS);
      line(text.get());
    }
  }

  /** Shows a line in place of the last one. */
  void line(String text) {
    if (terminal) {
      err.print("\r\u001b[K" + text);
      shown = true;
    } else {
      err.println(text);
    }
    err.flush();
  }

  @Override
  public void close() {
    if (shown) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }
}
