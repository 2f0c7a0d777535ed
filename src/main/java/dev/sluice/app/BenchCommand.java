package dev.sluice.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * {@code sluice bench}, where there are no sources. In a checkout the launcher starts the benchmark
 * itself, which lives among the tests: it needs the peers it compares with.
 */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures Sluice end to end beside the programs one would write instead. Needs the source"
          + " checkout; there `./sluice bench --help` lists the options."
    })
final class BenchCommand implements Callable<Integer> {

  @Unmatched private List<String> options = List.of();

  @Override
  public Integer call() {
    throw new Complaint(
        "The benchmark needs the source checkout, because its peers are not part of Sluice. Clone"
            + " the repository and run `./sluice bench "
            + String.join(" ", options).strip()
            + "` there");
  }
}
