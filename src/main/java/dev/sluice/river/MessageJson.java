package dev.sluice.river;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.cell.Pooling;
import dev.sluice.event.Event;
import dev.sluice.head.Classes;
import dev.sluice.model.MessageBatch;
import dev.sluice.model.MessageModel;
import java.util.List;

/**
 * What is said of a message, as JSON: the same answer always gives the same bytes.
 *
 * <pre>{@code
 * {"key":"ann","time":"2026-11-27T20:00:00Z","label":"airfare","probability":0.97,
 *  "attention":[{"at":2,"token":"fare","weight":0.61}, ...],"tags":["O","B-city"],"modelVersion":2}
 * }</pre>
 *
 * <p>{@code attention} has the up to three tokens that weigh most in the label, with a model that
 * weighs them. Not thread-safe.
 */
public final class MessageJson {

  private static final int MOST = 3;

  private static final byte[] KEY = ascii("{\"key\":\"");
  private static final byte[] TIME = ascii("\",\"time\":\"");
  private static final byte[] LABEL = ascii(",\"label\":\"");
  private static final byte[] PROBABILITY = ascii(",\"probability\":");
  private static final byte[] ATTENTION = ascii(",\"attention\":[{\"at\":");
  private static final byte[] NEXT_AT = ascii("},{\"at\":");
  private static final byte[] TOKEN = ascii(",\"token\":\"");
  private static final byte[] WEIGHT = ascii(",\"weight\":");
  private static final byte[] END_OF_LIST = ascii("}]");
  private static final byte[] TAGS = ascii(",\"tags\":[\"");
  private static final byte[] NEXT = ascii("\",\"");
  private static final byte[] END_OF_TAGS = ascii("\"]");
  private static final byte[] MODEL_VERSION = ascii(",\"modelVersion\":");
  private static final byte[] QUOTE = ascii("\"");
  private static final byte[] END = ascii("}");

  private final MessageModel model;
  private final boolean weighs;
  private final JsonBytes to = new JsonBytes();

  /** Creates one for what {@code model} says. */
  public MessageJson(MessageModel model) {
    this.model = model;
    this.weighs = !(model.pooling() instanceof Pooling.Plain);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(UTF_8);
  }

  /**
   * Returns what is said of a message.
   *
   * @param event whose text it is
   * @param tokens of the text
   * @param batch that was run
   * @param message its number there
   */
  public byte[] write(Event event, List<String> tokens, MessageBatch batch, int message) {
    to.clear();
    to.raw(KEY);
    to.utf8(event.key());
    to.raw(TIME);
    to.time(event.timeMillis());
    to.raw(QUOTE);
    model.label().ifPresent(classes -> label(classes, tokens, batch, message));
    model.tags().ifPresent(classes -> tags(classes, batch, message));
    to.raw(MODEL_VERSION);
    to.number(model.version());
    to.raw(END);
    return to.toArray();
  }

  private void label(Classes classes, List<String> tokens, MessageBatch batch, int message) {
    int label = batch.label(message);
    quoted(LABEL, classes.names().get(label));
    to.raw(PROBABILITY);
    to.number(batch.labelProbability(message, label));
    if (weighs) {
      attention(tokens, batch, message);
    }
  }

  private void attention(List<String> tokens, MessageBatch batch, int message) {
    int before = -1;
    for (int i = 0; i < Math.min(MOST, tokens.size()); i++) {
      int next = nextBelow(before, batch, message);
      to.raw(i == 0 ? ATTENTION : NEXT_AT);
      to.number(next + 1);
      quoted(TOKEN, tokens.get(next));
      to.raw(WEIGHT);
      to.number(batch.attention(message, next));
      before = next;
    }
    to.raw(END_OF_LIST);
  }

  /** Returns the token that weighs most after {@code before}; of equal ones the first. */
  private static int nextBelow(int before, MessageBatch batch, int message) {
    int next = -1;
    for (int t = 0; t < batch.tokens(message); t++) {
      boolean isLess = before < 0 || isLess(t, before, batch, message);
      if (isLess && (next < 0 || isLess(next, t, batch, message))) {
        next = t;
      }
    }
    return next;
  }

  private static boolean isLess(int token, int than, MessageBatch batch, int message) {
    float weight = batch.attention(message, token);
    float other = batch.attention(message, than);
    return weight < other || weight == other && token > than;
  }

  private void tags(Classes classes, MessageBatch batch, int message) {
    to.raw(TAGS);
    for (int t = 0; t < batch.tokens(message); t++) {
      if (t > 0) {
        to.raw(NEXT);
      }
      to.text(classes.names().get(batch.tag(message, t)));
    }
    to.raw(END_OF_TAGS);
  }

  private void quoted(byte[] before, String text) {
    to.raw(before);
    to.text(text);
    to.raw(QUOTE);
  }
}
