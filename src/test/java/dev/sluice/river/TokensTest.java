package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.RandomLayers;
import dev.sluice.event.Event;
import dev.sluice.event.EventSchema;
import dev.sluice.event.EventSchema.Field;
import dev.sluice.event.EventSchema.TimeSource;
import dev.sluice.event.JsonDecoder;
import dev.sluice.event.Rejection;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Model;
import dev.sluice.registry.Models;
import dev.sluice.river.Settings.OnSwap;
import dev.sluice.text.Tokenizer;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A message of many tokens is as many events of one time, with one result. */
final class TokensTest {

  private static final int KEYS = 7;
  private static final int MESSAGES = 300;
  private static final int MOST = 12;
  private static final List<String> KNOWN = List.of("a", "b", "c", "d", "e", TokenCut.END);

  private static final EventSchema CUT = schema(new TokenCut(Tokenizer.LOWER_WORDS, MOST, true));
  private static final EventSchema PLAIN = schema(null);

  private record Message(String key, long time, List<String> words) {
    String json(String text) {
      return "{\"text\":\"" + text + "\"}";
    }
  }

  private static EventSchema schema(TokenCut cut) {
    return new EventSchema(
        List.of(), List.of(new Field("text", false, cut)), null, new TimeSource.OfRecord(), 10_000);
  }

  static List<OnSwap> policies() {
    return List.of(new OnSwap.Keep(), new OnSwap.Reset(), new OnSwap.Rewarm(20));
  }

  /** Two versions follow each other, so that memories are rewarmed. */
  @ParameterizedTest
  @MethodSource("policies")
  void aMessageIsAsManyEventsAsItHasTokens(OnSwap onSwap) throws Rejection {
    List<Message> messages = messages(1);
    long middle = messages.get(MESSAGES / 2).time();
    Models<Model> models =
        Runs.of(new long[] {Long.MIN_VALUE, middle}, model(1, false), model(2, false));
    var words = new Runs(PLAIN, settings(onSwap), models);
    List<double[]> expected = new ArrayList<>();
    for (Message message : messages) {
      List<String> tokens = new ArrayList<>(message.words());
      tokens.add(TokenCut.END);
      double sum = 0;
      double most = 0;
      for (String token : tokens) {
        Result result = words.one(decode(PLAIN, message, token));
        sum += result.surprise();
        most = Math.max(most, result.surprise());
      }
      expected.add(new double[] {tokens.size(), sum / tokens.size(), most});
    }
    for (int wave : new int[] {1, 3, 64, 256}) {
      assertThat(whole(new Runs(CUT, settings(onSwap), models), messages, wave))
          .as("waves of %d", wave)
          .usingRecursiveComparison()
          .isEqualTo(expected);
    }
  }

  /** A version never takes over within a message, so this has no twin of single words. */
  @Test
  void aShadowStepsThroughAMessageToo() throws Rejection {
    List<Message> messages = messages(2);
    long middle = messages.get(MESSAGES / 2).time();
    Models<Model> models =
        Runs.of(new long[] {Long.MIN_VALUE, middle}, model(1, false), model(2, false));
    OnSwap shadow = new OnSwap.Shadow(40);
    List<String> expected = texts(new Runs(CUT, settings(shadow), models), messages, 1);
    assertThat(expected).anyMatch(json -> json.contains("\"shadow\":{\"version\":2"));
    assertThat(expected).anyMatch(json -> json.contains("\"modelVersion\":2"));
    assertThat(texts(new Runs(CUT, settings(shadow), models), messages, 64)).isEqualTo(expected);
  }

  private static List<String> texts(Runs runs, List<Message> messages, int wave) throws Rejection {
    List<Event> events = new ArrayList<>();
    for (Message message : messages) {
      events.add(decode(CUT, message, String.join(" ", message.words())));
    }
    return runs.all(events, wave);
  }

  private static Settings settings(OnSwap onSwap) {
    return new Settings(Runs.WAVE, 0.9, Optional.empty(), onSwap);
  }

  private static List<double[]> whole(Runs runs, List<Message> messages, int wave)
      throws Rejection {
    List<double[]> found = new ArrayList<>();
    for (int from = 0; from < messages.size(); from += wave) {
      List<Event> events = new ArrayList<>();
      for (Message message : messages.subList(from, Math.min(MESSAGES, from + wave))) {
        events.add(decode(CUT, message, String.join(" ", message.words())));
      }
      Result[] results = runs.flow(events.toArray(Event[]::new));
      for (int i = 0; i < events.size(); i++) {
        Tally tally = results[i].tally();
        assertThat(results[i].isScored()).isTrue();
        double most = tally.strangest(0).surprise();
        found.add(new double[] {tally.steps(), results[i].surprise(), most});
      }
    }
    return found;
  }

  @Test
  void aResultNamesTheStrangestTokens() throws Rejection {
    var runs = new Runs(CUT, settings(new OnSwap.Keep()), Runs.of(model(1, false)));
    var message = new Message("k", TestEvents.START, List.of());
    String json = runs.text(runs.one(decode(CUT, message, "A b zebra e")));
    assertThat(json)
        .contains("\"tokens\":5,\"strangest\":[{\"at\":")
        .contains("{\"at\":1,\"token\":\"a\",\"expected\":\"")
        .doesNotContain("\"value\"");
    assertThat(json.split("\"at\":", -1)).hasSize(1 + Tally.MOST);
  }

  @Test
  void onlyTheStrangestAreKeptInOrder() {
    var tally = new Tally();
    tally.begin();
    for (double nats : new double[] {1, 5, 2, 5, 9, 0, 3}) {
      var foretold = new Foretold();
      foretold.begin("text");
      foretold.surprise(nats);
      tally.add(foretold);
    }
    assertThat(tally.steps()).isEqualTo(7);
    assertThat(tally.mean()).isEqualTo(25.0 / 7);
    assertThat(tally.kept()).isEqualTo(3);
    assertThat(List.of(at(tally, 0), at(tally, 1), at(tally, 2))).containsExactly(5, 2, 4);
  }

  private static int at(Tally tally, int place) {
    return tally.strangest(place).at();
  }

  /** After the word c this model answers with infinities; of an empty memory it is sure. */
  @Test
  void anAnswerThatIsNoNumberLosesTheMessageAlone() throws Rejection {
    var runs = new Runs(CUT, settings(new OnSwap.Keep()), Runs.of(model(1, true)));
    var message = new Message("k", TestEvents.START, List.of());
    Event several = decode(CUT, message, "a c d e");
    Event one = decode(CUT, new Message("l", TestEvents.START, List.of()), "");
    Result[] results = runs.flow(several, one);
    assertThat(results[0].isScored()).isFalse();
    assertThat(results[1].isScored()).isTrue();
    assertThat(results[1].tally().steps()).isEqualTo(1);
    assertThat(runs.one(decode(CUT, message, "")).isScored()).isTrue();
  }

  @Test
  void aTextOfNoTokensOrTooManyIsRefused() {
    var message = new Message("k", 0, List.of());
    assertThatThrownBy(() -> decode(CUT, message, "x ".repeat(MOST)))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("field text: a text of 13 tokens, 1 to 12 are allowed");
    EventSchema endless = schema(new TokenCut(Tokenizer.WORDS, MOST, false));
    assertThatThrownBy(() -> decode(endless, message, " \\t "))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("a text of 0 tokens");
    assertThatThrownBy(() -> decode(CUT, message, "half \\ud83d"))
        .isInstanceOf(Rejection.class)
        .hasMessageContaining("half a surrogate pair at character 6");
  }

  /** With escapes and without take two ways through the decoder. */
  @Test
  void escapesChangeNoToken() throws Rejection {
    var message = new Message("k", 0, List.of());
    Event escaped = decode(CUT, message, "caf\\u00e9 \\\"x\\\"");
    Event plain = decode(CUT, message, "caf\u00e9 'x'".replace('\'', '\u201c'));
    assertThat(escaped.steps()).isEqualTo(plain.steps()).isEqualTo(5);
    assertThat(escaped.word(0)).isEqualTo(plain.word(0)).isEqualTo("caf\u00e9");
    escaped.step(4);
    assertThat(escaped.word(0)).isEqualTo(TokenCut.END);
  }

  private static Event decode(EventSchema schema, Message message, String text) throws Rejection {
    Event event = schema.newEvent();
    new JsonDecoder(schema)
        .decode(
            message.key().getBytes(UTF_8),
            message.json(text).getBytes(UTF_8),
            message.time(),
            event);
    return event;
  }

  private static List<Message> messages(long seed) {
    var random = new Random(seed);
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      int length = random.nextInt(MOST);
      List<String> words =
          random.ints(length, 0, 6).mapToObj(w -> "abcdez".substring(w, w + 1)).toList();
      long late = random.nextInt(10) == 0 ? 5_000 : 0;
      String key = "key-" + random.nextInt(1 + random.nextInt(KEYS));
      messages.add(new Message(key, TestEvents.START + i * 1000L - late, words));
    }
    return messages;
  }

  /**
   * Returns a model of one layer, random by its version.
   *
   * @param broken whether its head answers with infinities after the word c
   */
  private static Model model(int version, boolean broken) {
    List<String> all = new ArrayList<>(List.of(Vocabulary.UNKNOWN_WORD));
    all.addAll(KNOWN);
    var vocabulary = new Vocabulary(all);
    var random = new Random(version);
    float[] table = new float[all.size() * 4];
    for (int i = 0; i < table.length; i++) {
      table[i] = random.nextFloat() - 0.5f;
    }
    if (broken) {
      Arrays.fill(table, vocabulary.id("c") * 4, vocabulary.id("c") * 4 + 4, 1e6f);
    }
    var features =
        new FeatureSpec(
            List.of(
                new Feature.Category("text", vocabulary, 4, table),
                new Feature.Time(Feature.Kind.ELAPSED)));
    return TestModels.model(
        version,
        features,
        RandomLayers.stack(features.width(), 20, 1, version),
        List.of(new WordHead("text", linear(vocabulary.size(), random, broken), vocabulary)));
  }

  private static Linear linear(int outputs, Random random, boolean broken) {
    Linear linear = TestModels.linear(outputs, 20, random);
    if (!broken) {
      return linear;
    }
    float[] weights = linear.weights().clone();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.copySign(Float.MAX_VALUE, weights[i]); // Infinite of saturated units.
    }
    return new Linear(weights, new float[outputs], 20);
  }
}
