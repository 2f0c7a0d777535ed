package dev.sluice.app;

import dev.sluice.artifact.MessageArtifact;
import dev.sluice.config.Topology;
import dev.sluice.event.Event;
import dev.sluice.event.EventFile;
import dev.sluice.event.EventSchema;
import dev.sluice.event.Rejection;
import dev.sluice.model.MessageBatch;
import dev.sluice.model.MessageModel;
import dev.sluice.river.MessageJson;
import dev.sluice.train.LabelledMessage;
import dev.sluice.train.LabelledReader;
import dev.sluice.train.MessageScore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Says labels and tags of the messages of a file, for {@code sluice score}. */
final class LabelScoring {

  /** Most messages and tokens that are read side by side. */
  private static final int MESSAGES = 32;

  private static final int TOKENS = 1 << 16;

  private final Topology topology;
  private final PrintWriter err;
  private final List<LabelledMessage> labelled = new ArrayList<>();
  private long scored;
  private long rejected;

  LabelScoring(Topology topology, PrintWriter err) {
    this.topology = topology;
    this.err = err;
  }

  /** Reads an artifact that fits the topology. */
  static MessageModel model(Path artifact, Topology topology) {
    MessageModel model = MessageArtifact.read(artifact);
    if (!model.id().equals(topology.modelId())) {
      throw new Complaint(
          artifact
              + ": this is model "
              + model.id()
              + ", the topology wants "
              + topology.modelId());
    }
    return model;
  }

  /** Reads a file and writes JSON lines. */
  void run(Path input, EventSchema schema, MessageModel model, Path output) throws IOException {
    var reader = new LabelledReader(topology, schema);
    var batch = new MessageBatch(model, MESSAGES, TOKENS);
    var json = new MessageJson(model);
    Event[] events = new Event[MESSAGES];
    java.util.Arrays.setAll(events, _ -> schema.newEvent());
    List<LabelledMessage> waiting = new ArrayList<>();
    try (EventFile file = EventFile.open(input, schema);
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(output))) {
      boolean more = true;
      while (more) {
        try {
          Event event = events[waiting.size()];
          more = file.next(event);
          if (more) {
            waiting.add(reader.read(event));
          }
        } catch (Rejection e) {
          rejected++;
          err.println(input + ":" + file.line() + ": " + e.reason() + ": " + e.getMessage());
        }
        if (waiting.size() == MESSAGES || !more) {
          write(events, waiting, batch, json, out);
          waiting.clear();
        }
      }
    }
    err.println(scored + " messages read, " + rejected + " rejected");
    if (!labelled.isEmpty()) {
      MessageScore score = MessageScore.of(model, labelled);
      LabelTraining.lines(score, "of those that came with them").forEach(err::println);
    }
    err.flush();
  }

  private void write(
      Event[] events,
      List<LabelledMessage> messages,
      MessageBatch batch,
      MessageJson json,
      OutputStream out)
      throws IOException {
    int from = 0;
    while (from < messages.size()) {
      batch.clear();
      int to = from;
      while (to < messages.size() && batch.fits(messages.get(to).tokens().size())) {
        batch.add(messages.get(to++).tokens());
      }
      batch.run();
      for (int m = from; m < to; m++) {
        out.write(json.write(events[m], messages.get(m).tokens(), batch, m - from));
        out.write('\n');
        keep(messages.get(m));
      }
      from = to;
    }
    scored += messages.size();
  }

  /** What came without answers has nothing to be compared with. */
  private void keep(LabelledMessage message) {
    if (message.label().isPresent() || !message.tags().isEmpty()) {
      labelled.add(message);
    }
  }
}
