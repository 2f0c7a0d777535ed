package dev.sluice.train;

import dev.sluice.feature.Feature;
import dev.sluice.text.TokenView;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages as numbers. */
final class MessageSamples {

  /** No label or tag, or one that the model cannot say. */
  static final int NONE = -1;

  private final int[][][] ids; // By message, token and view.
  private final int[] labels;
  private final int[][] tags; // By message and token; none where nothing is known.

  MessageSamples(List<LabelledMessage> messages, MessageNames names) {
    this.ids = new int[messages.size()][][];
    this.labels = new int[messages.size()];
    this.tags = new int[messages.size()][];
    Map<String, Integer> labelIndex = index(names.labels());
    Map<String, Integer> tagIndex = index(names.tags());
    for (int m = 0; m < messages.size(); m++) {
      LabelledMessage message = messages.get(m);
      this.ids[m] = ids(message.tokens(), names.reads());
      this.labels[m] = message.label().map(l -> labelIndex.getOrDefault(l, NONE)).orElse(NONE);
      this.tags[m] =
          message.tags().stream().mapToInt(t -> tagIndex.getOrDefault(t, NONE)).toArray();
    }
  }

  private static Map<String, Integer> index(List<String> names) {
    Map<String, Integer> index = new HashMap<>();
    names.forEach(name -> index.put(name, index.size()));
    return index;
  }

  private static int[][] ids(List<String> tokens, List<Feature.Category> reads) {
    int[][] ids = new int[tokens.size()][reads.size()];
    for (int t = 0; t < tokens.size(); t++) {
      for (int r = 0; r < reads.size(); r++) {
        TokenView view = TokenView.named(reads.get(r).name()).orElseThrow();
        ids[t][r] = reads.get(r).vocabulary().id(view.of(tokens.get(t)));
      }
    }
    return ids;
  }

  int length(int message) {
    return ids[message].length;
  }

  int id(int message, int token, int view) {
    return ids[message][token][view];
  }

  int label(int message) {
    return labels[message];
  }

  int tag(int message, int token) {
    return tags[message].length == 0 ? NONE : tags[message][token];
  }
}
