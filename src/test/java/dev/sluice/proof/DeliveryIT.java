package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three brokers, two instances, three faults; {@link DeliveryProof} is the long version. */
final class DeliveryIT {

  @Test
  void aStreamThatIsDisturbedGivesEveryResultOnce(@TempDir Path folder) throws Exception {
    Report report = Run.of(Plan.small(), folder);

    System.out.println(report);
    assertThat(report.isKept()).as(report.toString()).isTrue();
    assertThat(report.gaps()).hasSize(3);
    assertThat(report.ends()).isEmpty();
    assertThat(report.lastStop()).isLessThan(Duration.ofSeconds(15));
  }
}
