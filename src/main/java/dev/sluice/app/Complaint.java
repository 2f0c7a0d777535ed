package dev.sluice.app;

import java.io.Serial;

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
}
