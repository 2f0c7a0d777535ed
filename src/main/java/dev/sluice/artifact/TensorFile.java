package dev.sluice.artifact;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a safetensors file holds, both parts by name.
 *
 * @param metadata free text by key; unmodifiable
 * @param tensors the tensors by their names; unmodifiable
 */
public record TensorFile(SortedMap<String, String> metadata, SortedMap<String, Tensor> tensors) {

  /** Takes copies, so that the record cannot change. */
  public TensorFile {
    metadata = Collections.unmodifiableSortedMap(new TreeMap<>(metadata));
    tensors = Collections.unmodifiableSortedMap(new TreeMap<>(tensors));
  }
}
