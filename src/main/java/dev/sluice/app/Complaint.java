package dev.sluice.app;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;

/** Something that the user can mend. Its message is all they see: what, where, what to do. */
final class Complaint extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  Complaint(String message) {
    super(message);
  }

  /** Creates a complaint with the message of an exception that was written for people. */
  Complaint(Exception forPeople) {
    super(forPeople.getMessage(), forPeople);
  }

  /** Returns the complaint that the state folder cannot be used. */
  static Complaint ofStateFolder(Path folder, IOException e) {
    return new Complaint(
        "The state folder "
            + folder
            + " cannot be used: "
            + e
            + ". Give one that this user may write to with --state-dir");
  }
}
