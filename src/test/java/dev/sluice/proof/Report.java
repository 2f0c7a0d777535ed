package dev.sluice.proof;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param control what the control found, which was shown altered records
 * @param convicted whether that is what was done to them
 * @param gaps by fault
 * @param took from the first event to the last result
 * @param lastStop how long the slowest clean stop at the end took
 * @param ends processes that ended by themselves
 * @param traces what the stack traces are about that processes printed
 * @param misplaced events that Kafka put elsewhere than the oracle thinks; the harness's fault
 * @param notes about the stage
 * @param differences the first of them
 */
record Report(
    Plan plan,
    List<Verdict> verdicts,
    Verdict control,
    boolean convicted,
    List<Gaps.Watch> gaps,
    Duration took,
    Duration lastStop,
    List<String> ends,
    List<String> traces,
    long misplaced,
    List<String> notes,
    List<String> differences) {

  /** Returns whether delivery is as the guarantee says, and whether that was examined. */
  boolean isKept() {
    boolean kept =
        plan.variant().isExactlyOnce()
            ? verdicts.stream().allMatch(Verdict::isExactlyOnce) && convicted
            : verdicts.stream().allMatch(verdict -> verdict.missing() == 0);
    return kept && misplaced == 0;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(plan.scenario()).append(", seed ").append(plan.seed()).append(": ");
    text.append(plan.events()).append(" events, ").append(gaps.size()).append(" faults, ");
    text.append(plan.swaps()).append(" swaps, ").append(took.toSeconds()).append(" s\n");
    text.append("  ").append(plan).append('\n');
    verdicts.forEach(verdict -> text.append("  ").append(verdict).append('\n'));
    text.append("  ").append(control).append(convicted ? ", as put in\n" : ", NOT AS PUT IN\n");
    gapsByKind(text);
    text.append("  slowest stop at the end ").append(lastStop.toMillis()).append(" ms, ");
    text.append(traces.size()).append(" stack traces, ").append(misplaced);
    text.append(" events misplaced\n");
    notes.stream()
        .filter(note -> !note.isEmpty())
        .forEach(note -> text.append("  ").append(note).append('\n'));
    ends.forEach(end -> text.append("  ").append(end).append('\n'));
    differences.forEach(difference -> text.append("  ").append(difference).append('\n'));
    traces.stream().limit(5).forEach(line -> text.append("  ").append(line).append('\n'));
    return text.toString();
  }

  private void gapsByKind(StringBuilder text) {
    Map<Kind, List<Gaps.Watch>> byKind =
        gaps.stream()
            .collect(
                Collectors.groupingBy(
                    watch -> watch.fault().kind(), TreeMap::new, Collectors.toList()));
    byKind.forEach(
        (kind, watches) -> {
          long[] clear =
              watches.stream()
                  .filter(Gaps.Watch::isClear)
                  .mapToLong(watch -> watch.gap().toMillis())
                  .sorted()
                  .toArray();
          text.append("  ").append(kind).append(": ").append(watches.size()).append(" faults");
          if (clear.length > 0) {
            text.append(", output gap median ").append(clear[clear.length / 2]);
            text.append(" ms, max ").append(clear[clear.length - 1]).append(" ms");
          }
          text.append(" (of ").append(clear.length).append(" that nothing else overlapped)\n");
        });
  }

  /** Returns one line for many runs. */
  static String sum(List<Report> reports) {
    int faults = reports.stream().mapToInt(report -> report.gaps().size()).sum();
    long events = reports.stream().mapToLong(report -> report.plan().events()).sum();
    List<Verdict> all = reports.stream().flatMap(report -> report.verdicts().stream()).toList();
    return reports.size()
        + " scenarios, "
        + events
        + " events, "
        + faults
        + " faults: "
        + all.stream().mapToLong(Verdict::expected).sum()
        + " results expected, "
        + all.stream().mapToLong(Verdict::found).sum()
        + " found, "
        + all.stream().mapToLong(Verdict::missing).sum()
        + " missing, "
        + all.stream().mapToLong(Verdict::duplicated).sum()
        + " duplicated, "
        + all.stream().mapToLong(Verdict::wrong).sum()
        + " wrong, "
        + all.stream().mapToLong(Verdict::outOfOrder).sum()
        + " out of order within a key";
  }
}
