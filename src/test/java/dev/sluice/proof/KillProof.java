package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten kills in the middle of 200,000 events, or whatever {@link Plan#ofProperties} is told. Prints
 * the verdict.
 *
 * <p>{@code mvn -B -ntp verify -Dquick -Dtest=VerdictTest -Dit.test=KillProof -Dproof.kills=10}
 */
final class KillProof {

  @Test
  void aStreamThatIsKilledAgainAndAgainGivesEveryResultOnce(@TempDir Path folder) throws Exception {
    Plan plan = Plan.ofProperties();
    Chaos.Report report = Chaos.run(plan, folder);

    System.out.println(report);
    assertThat(report.blows()).hasSize(plan.blows());
    if (plan.guarantee().equals("exactly-once")) {
      assertThat(report.verdicts()).as(report.said()).allMatch(Verdict::isExactlyOnce);
    } else {
      assertThat(report.verdicts()).as(report.said()).allMatch(verdict -> verdict.missing() == 0);
    }
  }
}
