package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.artifact.MessageArtifact;
import dev.sluice.cell.Cell;
import dev.sluice.cell.TrainableSequences;
import dev.sluice.head.Classes;
import dev.sluice.model.MessageBatch;
import dev.sluice.model.MessageModel;
import dev.sluice.text.TokenView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What models of messages learn. */
final class MessageTrainerTest {

  private static final List<String> CITIES = List.of("ulm", "bern", "graz", "new york");

  /** "from A to B": tags depend on what stands before, the label on the last word but one. */
  private static List<LabelledMessage> messages(int count, long seed) {
    var random = new Random(seed);
    List<LabelledMessage> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> tokens = new ArrayList<>();
      List<String> tags = new ArrayList<>();
      for (int filler = random.nextInt(4); filler > 0; filler--) {
        add("please", "O", tokens, tags);
      }
      boolean back = random.nextBoolean();
      city(back ? "to" : "from", random, tokens, tags);
      city(back ? "from" : "to", random, tokens, tags);
      boolean early = random.nextBoolean();
      add(early ? "early" : "late", "O", tokens, tags);
      add("thanks", "O", tokens, tags);
      messages.add(new LabelledMessage(tokens, Optional.of(early ? "am" : "pm"), tags));
    }
    return messages;
  }

  private static void city(String way, Random random, List<String> tokens, List<String> tags) {
    add(way, "O", tokens, tags);
    String name = "B-" + way;
    for (String part : CITIES.get(random.nextInt(CITIES.size())).split(" ")) {
      add(part, name, tokens, tags);
      name = "I-" + way;
    }
  }

  private static void add(String token, String tag, List<String> tokens, List<String> tags) {
    tokens.add(token);
    tags.add(tag);
  }

  private static MessageTrainer.Task task(List<LabelledMessage> messages, long seed) {
    var views =
        List.of(
            new MessageShape.View(TokenView.WORD, 8, 1),
            new MessageShape.View(TokenView.SUFFIX_2, 4, 1));
    var layers = new TrainableSequences.Shape(Cell.LSTM, List.of(12), true);
    var shape = new MessageShape(views, layers, new MessageShape.Attention.Additive(8));
    var dropout = new MessageTraining.Dropout(0.02, 0.1, 0.1, 0.1);
    var training = new MessageTraining(12, 6, 8, 0.02, 1, dropout, 0, 0.1);
    return new MessageTrainer.Task("trips", 3, messages, shape, training, "test", seed, "0");
  }

  @Test
  void labelsAndTagsAreLearnedTogetherAndAttentionSaysWhy() {
    var result = MessageTrainer.train(task(messages(400, 1), 5), Progress.none());
    List<LabelledMessage> fresh = messages(200, 2);
    MessageScore score = MessageScore.of(result.model(), fresh);

    assertThat(score.accuracy()).isEqualTo(1);
    assertThat(score.chunkF1()).isGreaterThan(0.99);
    MessageModel model = result.model();
    assertThat(model.version()).isEqualTo(3);
    assertThat(model.lineage().events()).isEqualTo(360);
    assertThat(model.lineage().metrics()).containsKeys("validationNats", "validationChunkF1");
    var batch = new MessageBatch(model, 1, 20);
    double ofReason = 0;
    for (LabelledMessage message : fresh) {
      batch.clear();
      batch.add(message.tokens());
      batch.run();
      double sum = 0;
      for (int t = 0; t < message.tokens().size(); t++) {
        sum += batch.attention(0, t);
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      int last = message.tokens().size() - 1;
      ofReason += batch.attention(0, last - 1) + batch.attention(0, last);
    }
    assertThat(ofReason / fresh.size()).as("attention at what decides").isGreaterThan(0.5);
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    List<LabelledMessage> messages = messages(60, 1);
    byte[] once = MessageArtifact.write(train(messages, 5));
    assertThat(MessageArtifact.write(train(messages, 5))).isEqualTo(once);
    assertThat(MessageArtifact.write(train(messages, 6))).isNotEqualTo(once);
  }

  private static MessageModel train(List<LabelledMessage> messages, long seed) {
    return MessageTrainer.train(task(messages, seed), Progress.none()).model();
  }

  @Test
  void aMessageIsReadAlikeInEveryBatchAndMayBeEmpty() {
    MessageModel model = train(messages(60, 1), 5);
    var many = new MessageBatch(model, 50, 500);
    var single = new MessageBatch(model, 1, 20);
    List<LabelledMessage> fresh = messages(49, 3);
    many.add(List.of());
    fresh.forEach(message -> many.add(message.tokens()));
    many.run();
    int labels = model.label().map(Classes::names).orElseThrow().size();
    for (int m = 0; m < 50; m++) {
      single.clear();
      single.add(m == 0 ? List.of() : fresh.get(m - 1).tokens());
      single.run();
      for (int k = 0; k < labels; k++) {
        assertThat(many.labelProbability(m, k)).isEqualTo(single.labelProbability(0, k));
      }
      for (int t = 0; t < many.tokens(m); t++) {
        assertThat(many.attention(m, t)).isEqualTo(single.attention(0, t));
        assertThat(many.tag(m, t)).isEqualTo(single.tag(0, t));
        assertThat(many.tagProbability(m, t, 0)).isEqualTo(single.tagProbability(0, t, 0));
      }
    }
    assertThat(many.fits(1)).isFalse();
  }

  @Test
  void tooLittleToLearnFromIsRefused() {
    assertThatThrownBy(() -> train(messages(1, 1), 5))
        .isInstanceOf(TrainingException.class)
        .hasMessage("1 messages are too few to learn from. Give at least two");
  }
}
