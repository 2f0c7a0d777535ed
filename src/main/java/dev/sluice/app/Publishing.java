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
              + (published.entry().isForAll()
                  ? "."
                  : " for " + published.entry().share() + " of the keys.");
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
      case Publication.Held held ->
          "Version "
              + held.manifest().version()
              + " of "
              + held.manifest().id()
              + " is stored and waits: version "
              + held.pin().version()
              + " is pinned. `sluice models unpin` puts it in force.";
      case Publication.Pinned pinned -> pinned(pinned);
      case Publication.Unpinned unpinned -> unpinned(unpinned);
    };
  }

  private static String pinned(Publication.Pinned pinned) {
    return "Version "
        + pinned.pin().version()
        + " is pinned"
        + pinned
            .entry()
            .map(e -> ", in force " + ModelsCommand.describeTime(e.validFromMillis()))
            .orElse("")
        + ". What is published from now on waits.";
  }

  private static String unpinned(Publication.Unpinned unpinned) {
    return "Version "
        + unpinned.pin().version()
        + " is no longer pinned"
        + unpinned
            .entry()
            .map(
                e ->
                    "; version "
                        + e.version()
                        + " is in force "
                        + ModelsCommand.describeTime(e.validFromMillis()))
            .orElse(". It stays in force until another is published")
        + ".";
  }
}
