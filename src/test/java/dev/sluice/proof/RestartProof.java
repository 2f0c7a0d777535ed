package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long results stay away when a process ends. Prints every gap, and holds the longest against
 * what is promised: 5 s for an instance that is started again, 10 s for a take-over by a standby.
 *
 * <p>{@code mvn -B -ntp verify -Dquick -Dtest=VerdictTest -Dit.test=RestartProof
 * -Dproof.blow=KILL}, or {@code STOP}, or {@code FAIL_OVER}; {@code -Dproof.times=5
 * -Dproof.keys=10000 -Dproof.rate=1000 -Dproof.kafka=name=value,...}; {@code
 * -Dproof.state='rowsEvery: 10s'} for what recomputing adds
 */
final class RestartProof {

  @Test
  void resultsComeAgainInTime(@TempDir Path folder) throws Exception {
    Restarts.Setting setting = setting();
    Restarts.Report report = Restarts.run(setting, folder);

    System.out.println(report);
    Duration promised = Duration.ofSeconds(setting.instances() == 1 ? 5 : 10);
    assertThat(report.longest()).isLessThan(promised);
  }

  /** Without JUnit, for when Maven takes too much of the time: {@code java ... RestartProof}. */
  public static void main(String[] args) throws Exception {
    System.out.println(Restarts.run(setting(), Files.createTempDirectory("restarts")));
    System.exit(0);
  }

  private static Restarts.Setting setting() {
    Map<String, String> kafka = new HashMap<>();
    String more = System.getProperty("proof.kafka", "");
    for (String property : more.isEmpty() ? new String[0] : more.split(",")) {
      String[] pair = property.split("=", 2);
      kafka.put(pair[0], pair[1]);
    }
    return new Restarts.Setting(
        Integer.getInteger("proof.times", 5),
        Integer.getInteger("proof.keys", 10_000),
        Integer.getInteger("proof.rate", 1_000),
        Restarts.Blow.valueOf(System.getProperty("proof.blow", "KILL")),
        System.getProperty("proof.state", "onSwap: keep"),
        kafka);
  }
}
