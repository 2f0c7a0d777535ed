package dev.sluice.model;

/** What a model may be called. */
final class ModelName {

  private ModelName() {}

  static void check(String id, int version) {
    if (!id.matches("[a-z][a-z0-9-]{0,62}")) {
      throw new IllegalArgumentException("model id '" + id + "' is not [a-z][a-z0-9-]{0,62}");
    }
    if (version < 1) {
      throw new IllegalArgumentException("version " + version + " is less than 1");
    }
  }
}
