package dev.sluice.registry;

/**
 * Where the data path asks for its models.
 *
 * @param <M> a loaded model
 */
@FunctionalInterface
public interface ModelSource<M> {

  /**
   * Returns what is known now. Safe from any thread and as cheap as reading a field; a wave of
   * events asks once, so that all of it sees the same.
   */
  Models<M> models();
}
