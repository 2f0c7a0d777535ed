package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two kills and a stop in the middle of a stream; {@link KillProof} is the long version. */
final class KillIT {

  private static final Logger LOG = LoggerFactory.getLogger(KillIT.class);

  @Test
  void aStreamThatWasKilledTwiceGivesEveryResultOnce(@TempDir Path folder) throws Exception {
    Chaos.Report report = Chaos.run(Plan.small(), folder);

    LOG.info("{}", report);
    assertThat(report.verdicts()).as(report.said()).allMatch(Verdict::isExactlyOnce);
    assertThat(report.blows()).hasSize(Plan.small().blows());
    assertThat(report.lastStop()).isLessThan(Duration.ofSeconds(10));
  }
}
