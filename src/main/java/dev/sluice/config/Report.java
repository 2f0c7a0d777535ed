package dev.sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The problems of one file, and the nodes that its paths stand for. */
final class Report {

  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Node> nodes = new HashMap<>();

  /** Remembers what {@code path} stands for, so that a record's problem finds its place. */
  void remember(String path, Node node) {
    nodes.put(path, node);
  }

  void add(Place place, String path, String found, String complaint, String remedy) {
    problems.add(new Problem(place, path, found, complaint, remedy));
  }

  /**
   * Adds what a record found wrong, at the place of the value; or, when the value is a default, of
   * the nearest section that is in the file.
   *
   * @param entry path that {@link Check#FEATURE} or {@link Check#SUPPRESS} stands for, if it occurs
   */
  void addAll(List<Problem> found, String entry) {
    for (Problem problem : found) {
      String path = problem.path().replace(Check.FEATURE, entry).replace(Check.SUPPRESS, entry);
      Node node = nodes.get(path);
      if (node instanceof Node.Scalar scalar && !problem.found().isEmpty()) {
        problems.add(problem.at(scalar.place(), path, scalar.shown()));
      } else {
        problems.add(problem.at(placeOf(path), path, problem.found()));
      }
    }
  }

  private Place placeOf(String path) {
    String here = path;
    while (!here.isEmpty() && !nodes.containsKey(here)) {
      here = here.substring(0, Math.max(0, here.lastIndexOf('.')));
    }
    Node node = nodes.get(here);
    return node == null ? Place.NONE : node.place();
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  /** Everything added, in the order of the file. */
  TopologyException exception() {
    var sorted = new ArrayList<Problem>(problems);
    sorted.sort(
        Comparator.comparingInt((Problem problem) -> problem.place().line())
            .thenComparingInt(problem -> problem.place().column()));
    return new TopologyException(sorted);
  }
}
