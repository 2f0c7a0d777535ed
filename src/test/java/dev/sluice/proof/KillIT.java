package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two kills and a stop in the middle of a stream; {@link KillProof} is the long version. */
final class KillIT {

  @Test
  void aStreamThatWasKilledTwiceGivesEveryResultOnce(@TempDir Path folder) throws Exception {
    Chaos.Report report = Chaos.run(Plan.small(), folder);

    System.out.println(report);
    assertThat(report.verdicts()).as(report.said()).allMatch(Verdict::isExactlyOnce);
    assertThat(report.blows()).hasSize(Plan.small().blows());
    assertThat(report.lastStop()).isLessThan(Duration.ofSeconds(10));
  }
}
