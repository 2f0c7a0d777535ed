package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every scenario of {@link Plan}, or those that {@code -Dproof.scenarios=crash,zombie} names: a
 * tenth of the events unless {@code -Dproof.full} is given. Prints the verdicts.
 *
 * <p>{@code mvn -B -ntp verify -Dquick -Dtest=VerdictTest -Dit.test=DeliveryProof -Dproof.full}
 */
final class DeliveryProof {

  @Test
  void whateverIsDoneToTheProcessesEveryResultComesOnce(@TempDir Path folder) throws Exception {
    List<Report> reports = new ArrayList<>();
    for (Plan plan : Plan.ofProperties()) {
      Path own = Files.createDirectories(folder.resolve(plan.scenario()));
      Report report = Run.of(plan, own);
      System.out.println(report);
      reports.add(report);
      Child.run("rm", "-rf", own.toString());
    }
    System.out.println(Report.sum(reports));
    assertThat(reports).allMatch(Report::isKept);
  }
}
