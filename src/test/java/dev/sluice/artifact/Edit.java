package dev.sluice.artifact;

import dev.sluice.model.Model;
import java.util.Map;
import java.util.TreeMap;

/** A sound file with one thing changed on purpose, and no checksum to give it away. */
final class Edit {

  private final Map<String, String> metadata;
  private final Map<String, Tensor> tensors;

  private Edit(TensorFile file) {
    this.metadata = new TreeMap<>(file.metadata());
    this.tensors = new TreeMap<>(file.tensors());
    metadata.remove("sluice.sha256");
  }

  static Edit of(Model model) {
    return of(ArtifactWriter.write(model));
  }

  static Edit of(byte[] artifact) {
    return new Edit(Safetensors.read(artifact, "edit"));
  }

  /** Replaces {@code found}, which must be there, in the document. */
  Edit document(String found, String replacement) {
    String before = metadata.get("sluice");
    if (!before.contains(found)) {
      throw new IllegalArgumentException(found + " is not in " + before);
    }
    metadata.put("sluice", before.replace(found, replacement));
    return this;
  }

  /** Replaces the numbers of a tensor, not its shape. */
  Edit tensor(String name, float... data) {
    tensors.put(name, new Tensor(name, tensors.get(name).shape(), data));
    return this;
  }

  Edit put(Tensor tensor) {
    tensors.put(tensor.name(), tensor);
    return this;
  }

  Edit withoutTensor(String name) {
    tensors.remove(name);
    return this;
  }

  Edit metadata(String key, String value) {
    metadata.put(key, value);
    return this;
  }

  Edit withoutMetadata(String key) {
    metadata.remove(key);
    return this;
  }

  byte[] bytes() {
    return Safetensors.write(metadata, tensors.values());
  }
}
