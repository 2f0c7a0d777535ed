package dev.sluice.app;

import dev.sluice.registry.Publication;

/** What became of a publication, for people. */
final class Publishing {

  private Publishing() {}

  static String describe(Publication publication) {
    return switch (publication) {
      case Publication.Published published ->
          "Version "
              + published.entry().version()
              + " of "
              + published.manifest().id()
              + " is published, in force "
              + ModelsCommand.describeTime(published.entry().validFromMillis())
              + ".";
      case Publication.Unchanged unchanged ->
          "Version "
              + unchanged.manifest().version()
              + " of "
              + unchanged.manifest().id()
              + " was published already; nothing changed.";
      case Publication.Signed signed ->
          "Version "
              + signed.manifest().version()
              + " of "
              + signed.manifest().id()
              + " was published already; its signature is now that of key "
              + signed.manifest().signature().orElseThrow().keyId()
              + ".";
      case Publication.Restored restored ->
          "Version "
              + restored.manifest().version()
              + " of "
              + restored.manifest().id()
              + " was damaged on the topic, and is whole again.";
    };
  }
}
