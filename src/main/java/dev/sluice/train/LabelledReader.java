package dev.sluice.train;

import dev.sluice.config.Prediction;
import dev.sluice.config.Topology;
import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Makes messages to learn from, or to compare with, out of events. Confined to one thread. */
public final class LabelledReader {

  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final int text;
  private final Optional<Integer> label;
  private final Optional<Integer> tags;

  /**
   * Creates a reader.
   *
   * @param topology that predicts labels or tags
   * @param schema of its events
   */
  public LabelledReader(Topology topology, EventSchema schema) {
    if (!(topology.model().predict() instanceof Prediction.Labels predicted)) {
      throw new IllegalArgumentException("nothing is said of messages here");
    }
    this.text = schema.wordSlot(topology.features().getFirst().name());
    this.label = predicted.label().map(schema::wordSlot);
    this.tags = predicted.tags().map(schema::wordSlot);
  }

  /**
   * The messages of a file.
   *
   * @param rejected how many events were refused, and left out
   * @param complaints where and why, of the first of them
   */
  public record Read(List<LabelledMessage> messages, long rejected, List<String> complaints) {

    /** Copies the lists. */
    public Read {
      messages = List.copyOf(messages);
      complaints = List.copyOf(complaints);
    }
  }

  /** Reads a whole file. */
  public Read file(Path path, EventSchema schema) throws IOException {
    List<LabelledMessage> messages = new ArrayList<>();
    List<String> complaints = new ArrayList<>();
    long rejected = 0;
    Event event = schema.newEvent();
    try (EventFile file = EventFile.open(path, schema)) {
      boolean more = true;
      while (more) {
        try {
          more = file.next(event);
          if (more) {
            messages.add(read(event));
          }
        } catch (Rejection e) {
          rejected++;
          if (complaints.size() < Recorded.MAX_COMPLAINTS) {
            complaints.add(path + ":" + file.line() + ": " + e.reason() + ": " + e.getMessage());
          }
        }
      }
    }
    return new Read(messages, rejected, complaints);
  }

  /**
   * Reads an event.
   *
   * @throws Rejection if it has tags, but not one for each token
   */
  public LabelledMessage read(Event event) throws Rejection {
    List<String> tokens = tokens(event, text);
    String said = tags.map(event::word).orElse(null);
    List<String> all = said == null ? List.of() : List.of(BLANKS.split(said.strip()));
    if (!all.isEmpty() && all.size() != tokens.size()) {
      throw new Rejection(
          Rejection.Reason.OUT_OF_RANGE,
          "there are " + all.size() + " tags for " + tokens.size() + " tokens");
    }
    return new LabelledMessage(tokens, label.map(event::word), all);
  }

  /** Returns the tokens of an event whose text is cut. */
  private static List<String> tokens(Event event, int slot) {
    List<String> tokens = new ArrayList<>(event.steps());
    for (int step = 0; step < event.steps(); step++) {
      event.step(step);
      String token = event.word(slot);
      if (token != null) {
        tokens.add(token);
      }
    }
    return tokens;
  }
}
