package dev.sluice.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A topology asks for something impossible. The message tells its author what to change, one line
 * for each problem; a user needs to see nothing else, no stack trace.
 */
public final class TopologyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final Problem[] problems;

  TopologyException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = problems.toArray(Problem[]::new);
  }

  /** Every problem found, in the order of the file; at least one. */
  public List<Problem> problems() {
    return List.of(problems);
  }
}
