package dev.sluice.model;

import dev.sluice.cell.Pool;
import dev.sluice.cell.SequencePass;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.head.TagPath;
import dev.sluice.kernel.Floats;
import dev.sluice.kernel.Kernel;
import dev.sluice.kernel.RowBlock;
import dev.sluice.kernel.Scratch;
import dev.sluice.text.TokenView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages read by a {@link MessageModel}, some at a time.
 *
 * <pre>{@code
 * clear() → add(tokens) … → run() → label(m), attention(m, t), tag(m, t) …
 * }</pre>
 *
 * <p>What is said of a message has the same bits whatever else is in the batch. Confined to one
 * thread; once it exists it allocates nothing but what a {@link TokenView} cuts out of a token.
 */
public final class MessageBatch {

  private static final Kernel KERNEL = Kernel.best();

  private final List<Feature.Category> reads;
  private final List<TokenView> views;
  private final SequencePass pass;
  private final Pool pool;
  private final @Nullable Said label;
  private final @Nullable Said tags;
  private final @Nullable TagPath path;
  private final int[] chosen; // By token.

  /** The outputs of a head, logits and then probabilities, one row for each message or token. */
  private record Said(Classes classes, Floats outputs, Scratch scratch) {

    static Said of(Classes classes, int rows) {
      int width = classes.linear().panels().paddedOutputs();
      return new Said(
          classes,
          Floats.allocate((long) rows * width),
          new Scratch(rows, classes.linear().inputs(), Math.max(1, width / 4)));
    }

    int stride() {
      return classes.linear().panels().paddedOutputs();
    }

    void read(RowBlock from, int rows) {
      if (rows > 0) {
        KERNEL.linear(
            classes.linear().panels(), from.block(), from.stride(), rows, outputs, scratch);
      }
    }

    void toProbabilities(int rows) {
      for (int row = 0; row < rows; row++) {
        KERNEL.softmax(outputs, (long) row * stride(), classes.names().size(), scratch);
      }
    }

    float get(int row, int index) {
      return outputs.get((long) row * stride() + index);
    }
  }

  /**
   * Makes room.
   *
   * @param messages most of a batch, at least 1
   * @param tokens most of all its messages together, at least 1
   */
  public MessageBatch(MessageModel model, int messages, int tokens) {
    this.reads = model.reads();
    this.views = reads.stream().map(c -> TokenView.named(c.name()).orElseThrow()).toList();
    this.pass = model.stack().pass(messages, tokens);
    this.pool = new Pool(model.pooling(), pass, model.stack().forwardOutputs());
    this.label = model.label().map(classes -> Said.of(classes, messages)).orElse(null);
    this.tags = model.tags().map(classes -> Said.of(classes, tokens)).orElse(null);
    this.path = model.tags().map(classes -> new TagPath(classes.names(), tokens)).orElse(null);
    this.chosen = new int[tokens];
  }

  /** Forgets all messages. */
  public void clear() {
    pass.clear();
  }

  /** Returns whether there is room for another message of {@code tokens} tokens. */
  public boolean fits(int tokens) {
    return pass.fits(tokens);
  }

  /** Returns how many messages there are. */
  public int count() {
    return pass.count();
  }

  /** Returns how many tokens a message has. */
  public int tokens(int message) {
    return pass.length(message);
  }

  /**
   * Adds a message.
   *
   * @param tokens for which there is room, see {@link #fits}; may be none
   * @return its number, from 0
   */
  public int add(List<String> tokens) {
    int row = pass.add(tokens.size());
    for (String token : tokens) {
      long at = pass.inputs().at(row++);
      for (int r = 0; r < views.size(); r++) {
        Feature.Category category = reads.get(r);
        int id = category.vocabulary().id(views.get(r).of(token));
        int width = category.dimensions();
        pass.inputs().block().write(at, category.table(), id * width, width);
        at += width;
      }
    }
    return pass.count() - 1;
  }

  /** Reads all messages. */
  public void run() {
    pass.run();
    if (label != null) {
      pool.run();
      label.read(pool.contexts(), pass.count());
      label.toProbabilities(pass.count());
    }
    if (tags != null && path != null) {
      tags.read(pass.outputs(), pass.tokens());
      for (int m = 0; m < pass.count(); m++) {
        long at = (long) pass.start(m) * tags.stride();
        path.decode(tags.outputs(), at, tags.stride(), chosen, pass.start(m), pass.length(m));
      }
      tags.toProbabilities(pass.tokens());
    }
  }

  /** Returns the index of a message's likeliest label. */
  public int label(int message) {
    Said said = require(label, "label");
    int best = 0;
    for (int k = 1; k < said.classes().names().size(); k++) {
      best = said.get(message, k) > said.get(message, best) ? k : best;
    }
    return best;
  }

  /** Returns how probable a label of a message is. */
  public float labelProbability(int message, int index) {
    return require(label, "label").get(message, index);
  }

  /**
   * Returns how much a token had to do with the label: those of a message sum to 1. 0 where the
   * pooling weighs nothing.
   */
  public float attention(int message, int token) {
    return pool.weight(pass.start(message) + token);
  }

  /** Returns the index of a token's tag, on the likeliest path of tags that go together. */
  public int tag(int message, int token) {
    require(tags, "tags");
    return chosen[pass.start(message) + token];
  }

  /** Returns how probable a tag of a token is, by itself. */
  public float tagProbability(int message, int token, int index) {
    return require(tags, "tags").get(pass.start(message) + token, index);
  }

  private static Said require(@Nullable Said said, String what) {
    if (said == null) {
      throw new IllegalStateException("the model says no " + what);
    }
    return said;
  }
}
