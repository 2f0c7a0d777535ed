package dev.sluice.river;

import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.Model;
import dev.sluice.registry.ModelSource;
import dev.sluice.state.Memories;
import dev.sluice.state.MemoryBudget;
import java.io.IOException;

/**
 * A file of events through the river, without Kafka: dry runs, back-tests, and the oracle of the
 * stream, which must give the same bytes for the same events.
 */
public final class Replay {

  private final River river;
  private final ModelSource<Model> models;
  private final Event[] events;
  private final Result[] results;
  private final long[] lines;
  private int count;
  private long scored;
  private long alerts;
  private long suppressed;
  private long rejected;

  /**
   * Creates a replay that knows no key yet.
   *
   * @param schema what events look like
   * @param settings how they are scored
   * @param models which model is in force when
   */
  public Replay(EventSchema schema, Settings settings, ModelSource<Model> models) {
    this.river =
        new River(schema, settings, new Memories(settings.encoding(), MemoryBudget.unlimited()));
    this.models = models;
    int wave = settings.wave();
    this.events = new Event[wave];
    this.results = new Result[wave];
    this.lines = new long[wave];
    for (int i = 0; i < wave; i++) {
      events[i] = schema.newEvent();
      results[i] = new Result();
    }
  }

  /** Takes what comes out, in the order of the lines. */
  public interface Sink {

    /**
     * Takes a result.
     *
     * @param line where its event stood, from 1
     * @param result valid during this call
     */
    void result(long line, Result result) throws IOException;

    /**
     * Takes a line that could not be scored.
     *
     * @param line where it stood, from 1
     * @param text the line; empty where it was the model that gave no answer
     */
    void rejected(long line, String text, Rejection why) throws IOException;
  }

  /** Where events come from. */
  public interface Source {

    /**
     * Reads the next event.
     *
     * @param event overwritten
     * @return false at the end
     * @throws Rejection if it is no event; the next call goes on behind it
     */
    boolean next(Event event) throws IOException, Rejection;

    /** Returns where the last one stood, from 1. */
    long line();

    /** Returns what stood there. */
    String text();
  }

  /** Takes a whole file through; may be called for one file after the other. */
  public void run(EventFile file, Sink sink) throws IOException {
    run(new OfFile(file), sink);
  }

  private record OfFile(EventFile file) implements Source {
    @Override
    public boolean next(Event event) throws IOException, Rejection {
      return file.next(event);
    }

    @Override
    public long line() {
      return file.line();
    }

    @Override
    public String text() {
      return file.text();
    }
  }

  /** Takes all events of a source through; may be called for one source after the other. */
  public void run(Source source, Sink sink) throws IOException {
    boolean more = true;
    while (more) {
      try {
        more = source.next(events[count]);
        if (more) {
          lines[count++] = source.line();
        }
      } catch (Rejection e) {
        flow(sink);
        rejected++;
        sink.rejected(source.line(), source.text(), e);
      }
      if (count == events.length) {
        flow(sink);
      }
    }
    flow(sink);
  }

  private void flow(Sink sink) throws IOException {
    if (count == 0) {
      return;
    }
    river.flow(events, count, models.models(), results);
    for (int i = 0; i < count; i++) {
      Result result = results[i];
      if (result.isScored()) {
        scored++;
        alerts += result.isAlert() ? 1 : 0;
        suppressed += result.suppressed().isPresent() ? 1 : 0;
        sink.result(lines[i], result);
      } else {
        rejected++;
        Rejection why =
            new Rejection(Rejection.Reason.UNSCORABLE, "the model answered with no finite number");
        sink.rejected(lines[i], "", why);
      }
    }
    count = 0;
  }

  /** Returns the events scored so far. */
  public long scored() {
    return scored;
  }

  /** Returns the alerts among them. */
  public long alerts() {
    return alerts;
  }

  /** Returns the alerts that a rule suppressed so far, which are not among the alerts. */
  public long suppressed() {
    return suppressed;
  }

  /** Returns the lines that could not be scored so far. */
  public long rejected() {
    return rejected;
  }
}
