package dev.sluice.registry;

/**
 * Makes a model of an artifact whose size and checksum have been found right.
 *
 * @param <M> a loaded model
 */
@FunctionalInterface
public interface ModelLoader<M> {

  /**
   * Returns the model, ready for its first event: packed for the kernel, warmed up.
   *
   * @param manifest which model and version the bytes were published as
   * @param artifact the bytes; the loader may keep them
   * @throws Exception if the bytes are no model or the model does not fit what it is for; the
   *     message, which is reported as the reason of the refusal, says what was found and expected
   */
  M load(Manifest manifest, byte[] artifact) throws Exception;
}
