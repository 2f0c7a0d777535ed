package dev.sluice.model;

import dev.sluice.cell.Pooling;
import dev.sluice.cell.SequenceStack;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.text.TokenView;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A model that reads the tokens of one message at a time, from its beginning to its end, and says
 * one label of the message, a tag of each token, or both. Nothing is remembered from message to
 * message.
 *
 * @param id the family: versions of one id replace each other
 * @param version at least 1; unique within the family
 * @param reads what of a token is looked up, side by side the inputs; each named by a {@link
 *     TokenView}
 * @param stack the recurrent layers
 * @param pooling how tokens become what is said of the message; {@link Pooling.Plain#MEAN} if
 *     nothing is
 * @param label what is said of a message
 * @param tags what is said of each token
 * @param lineage where it comes from
 */
public record MessageModel(
    String id,
    int version,
    List<Feature.Category> reads,
    SequenceStack stack,
    Pooling pooling,
    Optional<Classes> label,
    Optional<Classes> tags,
    Lineage lineage) {

  /** Most views of a token. */
  public static final int MAX_VIEWS = TokenView.values().length;

  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException naming the two parts that do not, with both numbers
   */
  public MessageModel {
    reads = List.copyOf(reads);
    ModelName.check(id, version);
    checkReads(reads, stack.inputs());
    pooling.check(stack.outputs());
    if (label.isEmpty() && tags.isEmpty()) {
      throw new IllegalArgumentException("a model of messages needs a label or tags to say");
    }
    label.ifPresent(classes -> checkClasses("label", classes, stack.outputs()));
    tags.ifPresent(classes -> checkClasses("tags", classes, stack.outputs()));
  }

  private static void checkReads(List<Feature.Category> reads, int inputs) {
    Set<String> names = new HashSet<>();
    int width = 0;
    for (Feature.Category category : reads) {
      if (TokenView.named(category.name()).isEmpty()) {
        throw new IllegalArgumentException("'" + category.name() + "' is no view of a token");
      }
      if (!names.add(category.name())) {
        throw new IllegalArgumentException("view " + category.name() + " is read twice");
      }
      width += category.width();
    }
    if (width != inputs) {
      throw new IllegalArgumentException(
          "the views of a token fill " + width + " inputs, the layers read " + inputs);
    }
  }

  private static void checkClasses(String what, Classes classes, int outputs) {
    if (classes.linear().inputs() != outputs) {
      throw new IllegalArgumentException(
          "the layers have "
              + outputs
              + " outputs, the "
              + what
              + " head reads "
              + classes.linear().inputs());
    }
  }

  /** Returns this model under another version number. */
  public MessageModel withVersion(int other) {
    return new MessageModel(id, other, reads, stack, pooling, label, tags, lineage);
  }
}
