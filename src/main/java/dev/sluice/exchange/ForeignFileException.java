package dev.sluice.exchange;

/** A file from elsewhere that cannot become a model: which, why, and what would help. */
public final class ForeignFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ForeignFileException(String where, String problem, String remedy) {
    super(where + ": " + problem + ". " + remedy);
  }
}
