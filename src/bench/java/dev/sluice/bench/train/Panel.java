package dev.sluice.bench.train;

import dev.sluice.head.Classes;
import dev.sluice.head.TagPath;
import dev.sluice.kernel.Floats;
import dev.sluice.model.MessageBatch;
import dev.sluice.model.MessageModel;
import dev.sluice.train.ChunkScore;
import dev.sluice.train.LabelledMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** What several models say of the same messages together: the sum of their probabilities. */
final class Panel {

  private static final double LEAST = 1e-9;

  private final List<Map<String, Double>> labels = new ArrayList<>(); // By message.
  private final List<List<Map<String, Double>>> tags = new ArrayList<>(); // And token.

  /** Adds what {@code model} says. */
  void add(MessageModel model, List<LabelledMessage> messages, int mostTokens) {
    var batch = new MessageBatch(model, 1, mostTokens);
    for (int m = 0; m < messages.size(); m++) {
      if (m == labels.size()) {
        labels.add(new HashMap<>());
        tags.add(new ArrayList<>());
      }
      int tokens = messages.get(m).tokens().size();
      batch.clear();
      batch.add(messages.get(m).tokens());
      batch.run();
      List<String> names = names(model.label());
      for (int k = 0; k < names.size(); k++) {
        labels.get(m).merge(names.get(k), (double) batch.labelProbability(0, k), Double::sum);
      }
      addTags(batch, names(model.tags()), tokens, tags.get(m));
    }
  }

  private static void addTags(
      MessageBatch batch, List<String> names, int tokens, List<Map<String, Double>> into) {
    for (int t = 0; t < tokens && !names.isEmpty(); t++) {
      if (t == into.size()) {
        into.add(new HashMap<>());
      }
      for (int k = 0; k < names.size(); k++) {
        into.get(t).merge(names.get(k), (double) batch.tagProbability(0, t, k), Double::sum);
      }
    }
  }

  private static List<String> names(java.util.Optional<Classes> classes) {
    return classes.map(Classes::names).orElse(List.of());
  }

  /** Returns accuracy, accuracy where a part of a label is enough, and F1 of chunks, in percent. */
  String score(List<LabelledMessage> messages) {
    int right = 0;
    int partly = 0;
    var chunks = new ChunkScore();
    for (int m = 0; m < messages.size(); m++) {
      String wanted = messages.get(m).label().orElseThrow();
      var byProbability = Map.Entry.<String, Double>comparingByValue();
      String said = Collections.max(labels.get(m).entrySet(), byProbability).getKey();
      right += said.equals(wanted) ? 1 : 0;
      partly += Collections.disjoint(parts(said), parts(wanted)) ? 0 : 1;
      if (!tags.get(m).isEmpty()) {
        chunks.add(messages.get(m).tags(), decode(tags.get(m)));
      }
    }
    return String.format(
        Locale.ROOT,
        "%6.2f  %6.2f  %6.2f",
        100.0 * right / messages.size(),
        100.0 * partly / messages.size(),
        100 * chunks.f1());
  }

  private static List<String> parts(String label) {
    return Arrays.asList(label.split("#"));
  }

  private static List<String> decode(List<Map<String, Double>> probabilities) {
    var all = new TreeSet<String>();
    probabilities.forEach(p -> all.addAll(p.keySet()));
    List<String> names = List.copyOf(all);
    Floats logs = Floats.allocate((long) probabilities.size() * names.size());
    for (int t = 0; t < probabilities.size(); t++) {
      for (int k = 0; k < names.size(); k++) {
        double sum = probabilities.get(t).getOrDefault(names.get(k), 0.0);
        logs.set((long) t * names.size() + k, (float) Math.log(sum + LEAST));
      }
    }
    int[] path = new int[probabilities.size()];
    new TagPath(names, path.length).decode(logs, 0, names.size(), path, 0, path.length);
    return Arrays.stream(path).mapToObj(names::get).toList();
  }
}
