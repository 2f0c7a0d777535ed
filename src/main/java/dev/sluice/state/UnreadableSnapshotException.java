package dev.sluice.state;

import java.io.Serial;
import java.nio.file.Path;

/** A file of a snapshot is not as it was written; the changelog has everything that it had. */
public final class UnreadableSnapshotException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  UnreadableSnapshotException(Path file, String what) {
    super(file + ": " + what);
  }
}
