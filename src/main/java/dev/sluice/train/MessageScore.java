package dev.sluice.train;

import dev.sluice.head.Classes;
import dev.sluice.model.MessageBatch;
import dev.sluice.model.MessageModel;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model of messages is worth on messages it did not learn from.
 *
 * @param accuracy share of the labels that are right; NaN without labels
 * @param chunkF1 harmonic mean of precision and recall of whole chunks of tags, B-x I-x …, {@link
 *     ChunkScore}; NaN without tags
 * @param nats mean surprise at a label, plus that at a tag
 */
public record MessageScore(double accuracy, double chunkF1, double nats) {

  private static final int BATCH = 32;
  private static final double LEAST_PROBABILITY = 1e-12;

  /** Chosen so that nats decide among epochs that are about equally often right. */
  private static final double NATS_SHARE = 0.05;

  /** Reads {@code messages} and compares. */
  public static MessageScore of(MessageModel model, List<LabelledMessage> messages) {
    int longest = messages.stream().mapToInt(m -> m.tokens().size()).max().orElse(1);
    var batch = new MessageBatch(model, BATCH, Math.max(1, BATCH * longest));
    var tally = new Tally(model);
    for (int from = 0; from < messages.size(); from += BATCH) {
      List<LabelledMessage> some = messages.subList(from, Math.min(messages.size(), from + BATCH));
      batch.clear();
      some.forEach(message -> batch.add(message.tokens()));
      batch.run();
      for (int m = 0; m < some.size(); m++) {
        tally.add(batch, m, some.get(m));
      }
    }
    return tally.score();
  }

  /** Returns one number, the larger the better, to choose among epochs by. */
  double worth() {
    double sum = Double.isNaN(accuracy) ? 0 : accuracy;
    sum += Double.isNaN(chunkF1) ? 0 : chunkF1;
    return sum - NATS_SHARE * nats;
  }

  /** What has been counted. */
  private static final class Tally {
    private final List<String> labels;
    private final List<String> tags;
    private long labelled;
    private long right;
    private long tagged;
    private double labelNats;
    private double tagNats;
    private final ChunkScore chunks = new ChunkScore();

    Tally(MessageModel model) {
      this.labels = model.label().map(Classes::names).orElse(List.of());
      this.tags = model.tags().map(Classes::names).orElse(List.of());
    }

    void add(MessageBatch batch, int m, LabelledMessage message) {
      if (!labels.isEmpty() && message.label().isPresent()) {
        labelled++;
        String label = message.label().get();
        right += labels.get(batch.label(m)).equals(label) ? 1 : 0;
        int index = labels.indexOf(label);
        labelNats += index < 0 ? 0 : nats(batch.labelProbability(m, index));
      }
      if (!tags.isEmpty() && !message.tags().isEmpty()) {
        List<String> said = new ArrayList<>();
        for (int t = 0; t < message.tokens().size(); t++) {
          said.add(tags.get(batch.tag(m, t)));
          int index = tags.indexOf(message.tags().get(t));
          tagNats += index < 0 ? 0 : nats(batch.tagProbability(m, t, index));
          tagged++;
        }
        chunks.add(message.tags(), said);
      }
    }

    private static double nats(double probability) {
      return -StrictMath.log(Math.max(LEAST_PROBABILITY, probability));
    }

    MessageScore score() {
      double nats = (labelled > 0 ? labelNats / labelled : 0) + (tagged > 0 ? tagNats / tagged : 0);
      return new MessageScore((double) right / labelled, chunks.f1(), nats);
    }
  }
}
