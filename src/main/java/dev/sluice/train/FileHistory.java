package dev.sluice.train;

import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** A history out of a file, decoded as {@code sluice score} decodes it. */
public final class FileHistory {

  private static final int REPORT_EVERY = 1024;

  private FileHistory() {}

  /**
   * Reads a whole file.
   *
   * @param path JSON lines or CSV, see {@link EventFile}
   * @param schema what events look like; key and time must be fields
   * @param range which of its events to keep
   * @param progress takes the number of events read, now and then
   * @throws IOException if the file cannot be read
   * @throws TrainingException if there are too many events or words
   */
  public static Recorded read(Path path, EventSchema schema, TimeRange range, LongConsumer progress)
      throws IOException {
    var builder = new HistoryBuilder(schema);
    var rejected = new Rejected();
    Event event = schema.newEvent();
    try (EventFile file = EventFile.open(path, schema)) {
      boolean more = true;
      while (more) {
        try {
          more = file.next(event);
          if (more && range.contains(event.timeMillis())) {
            builder.add(event);
            if (builder.events() % REPORT_EVERY == 0) {
              progress.accept(builder.events());
            }
          }
        } catch (Rejection e) {
          rejected.add(path + ":" + file.line(), e);
        }
      }
    }
    // The name alone: the same file elsewhere must give the same artifact.
    String source = "file " + path.getFileName();
    return rejected.leave(builder.build(HistoryBuilder.Order.ARRIVAL), source);
  }
}
