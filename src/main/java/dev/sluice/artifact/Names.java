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

  /** Returns the name of the weights {@code name} of {@code layer}; PyTorch's where it has them. */
  static String cell(String name, int layer) {
    return "cell." + name + "_l" + layer;
  }

  /** Returns the name of the first bias of {@code layer}, in which ours is written. */
  static String inputBias(int layer) {
    return "cell.bias_ih_l" + layer;
  }

  /** Returns the name of the second bias of {@code layer}, written as zeros. */
  static String hiddenBias(int layer) {
    return "cell.bias_hh_l" + layer;
  }

  /** Returns the name of the embedding of the words of {@code field}. */
  static String embedding(String field) {
    return "embedding." + field + ".weight";
  }
}
