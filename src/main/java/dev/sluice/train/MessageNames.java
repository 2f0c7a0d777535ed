package dev.sluice.train;

import dev.sluice.feature.Feature;
import dev.sluice.text.TokenView;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What a model of messages has words for.
 *
 * @param reads the vocabularies of what it reads; embeddings of zeros
 * @param labels it can say, in alphabetical order; none if it says none
 * @param tags it can say
 */
record MessageNames(List<Feature.Category> reads, List<String> labels, List<String> tags) {

  /** Returns what there is in {@code messages}. */
  static MessageNames of(List<LabelledMessage> messages, List<MessageShape.View> views) {
    List<Feature.Category> reads = new ArrayList<>();
    for (MessageShape.View view : views) {
      Vocabulary words = vocabulary(messages, view.view(), view.minCount());
      float[] table = new float[words.size() * view.dimensions()];
      reads.add(new Feature.Category(view.view().id(), words, view.dimensions(), table));
    }
    var labels = new TreeSet<String>();
    var tags = new TreeSet<String>();
    for (LabelledMessage message : messages) {
      message.label().ifPresent(labels::add);
      tags.addAll(message.tags());
    }
    return new MessageNames(reads, List.copyOf(labels), List.copyOf(tags));
  }

  private static Vocabulary vocabulary(
      List<LabelledMessage> messages, TokenView view, int minCount) {
    Map<String, Integer> counts = new HashMap<>();
    for (LabelledMessage message : messages) {
      for (String token : message.tokens()) {
        counts.merge(view.of(token), 1, Integer::sum);
      }
    }
    return Vocabulary.ofCounts(counts, minCount, Vocabulary.MAX_SIZE);
  }
}
