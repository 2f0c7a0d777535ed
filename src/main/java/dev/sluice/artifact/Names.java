package dev.sluice.artifact;

import java.util.Set;

/** What things are called in an artifact: tensors as in the {@code state_dict} of PyTorch. */
final class Names {

  /** Metadata entry that holds the document. */
  static final String DOCUMENT = "sluice";

  /** Metadata entry that holds the checksum. */
  static final String CHECKSUM = "sluice.sha256";

  /** Metadata entry by which Hugging Face's loaders know a file of PyTorch tensors. */
  static final String FRAMEWORK = "format";

  /** All metadata entries there may be. */
  static final Set<String> METADATA = Set.of(FRAMEWORK, DOCUMENT, CHECKSUM);

  /** The weights of additive attention. */
  static final String ATTENTION_WEIGHT = "attention.weight";

  /** The bias of additive attention. */
  static final String ATTENTION_BIAS = "attention.bias";

  /** What attention asks each token. */
  static final String ATTENTION_QUERY = "attention.query";

  private Names() {}

  /** Returns the name of the weights of head {@code index}, from 0. */
  static String headWeight(int index) {
    return head(index) + ".weight";
  }

  /** Returns the name of the bias of head {@code index}, from 0. */
  static String headBias(int index) {
    return head(index) + ".bias";
  }

  private static String head(int index) {
    return index == 0 ? "head" : "head." + index;
  }

  /** Returns what the names of a layer's tensors end in, as PyTorch has it. */
  static String suffix(int layer, boolean backward) {
    return "_l" + layer + (backward ? "_reverse" : "");
  }

  /** Returns the name of the weights {@code name} of a layer; PyTorch's where it has them. */
  static String cell(String name, String suffix) {
    return "cell." + name + suffix;
  }

  /** Returns the name of the first bias of a layer, in which ours is written. */
  static String inputBias(String suffix) {
    return "cell.bias_ih" + suffix;
  }

  /** Returns the name of the second bias of a layer, written as zeros. */
  static String hiddenBias(String suffix) {
    return "cell.bias_hh" + suffix;
  }

  /** Returns the name of the embedding of the words of {@code field}. */
  static String embedding(String field) {
    return "embedding." + field + ".weight";
  }
}
