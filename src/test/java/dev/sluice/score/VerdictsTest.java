package dev.sluice.score;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.score.Verdicts.Verdict;
import org.junit.jupiter.api.Test;

final class VerdictsTest {

  private static final byte[] A = "a".getBytes(UTF_8);
  private static final byte[] B = "b".getBytes(UTF_8);
  private static final Verdicts FINE = Verdicts.NONE.plus(A, new Verdict(5_000, 10, 100, 200));

  @Test
  void whatWasFineIsFineForAWhileAndForItsKey() {
    assertThat(FINE.whyFine(A, 100, 10))
        .contains("said to be fine, as the alert of 1970-01-01T00:00:05Z");
    assertThat(FINE.whyFine(A, 199, 0)).isPresent();
    assertThat(FINE.whyFine(A, 99, 10)).isEmpty();
    assertThat(FINE.whyFine(A, 200, 10)).isEmpty();
    assertThat(FINE.whyFine(B, 150, 10)).isEmpty();
    assertThat(Verdicts.NONE.whyFine(A, 150, 10)).isEmpty();
  }

  @Test
  void whatIsStrangerIsNot() {
    assertThat(FINE.whyFine(A, 150, 11.49)).isPresent();
    assertThat(FINE.whyFine(A, 150, 11.51)).isEmpty();
  }

  @Test
  void theLastWordThatHasBegunCounts() {
    Verdicts both = FINE.plus(A, new Verdict(6_000, 3, 150, 400)).plus(B, new Verdict(7, 1, 0, 9));
    assertThat(both.whyFine(A, 149, 10)).isPresent();
    assertThat(both.whyFine(A, 150, 10)).isEmpty();
    assertThat(both.whyFine(A, 300, 3)).isPresent();
    assertThat(FINE.whyFine(A, 300, 3)).as("the first are as they were").isEmpty();
    // Said last, it counts from its beginning on, though what was said before would go on.
    Verdicts earlier = FINE.plus(A, new Verdict(6_000, 3, 50, 60));
    assertThat(earlier.whyFine(A, 55, 3)).isPresent();
    assertThat(earlier.whyFine(A, 150, 10)).isEmpty();
  }

  @Test
  void aWordCanBeTakenBack() {
    Verdicts back = FINE.plus(A, new Verdict(5_000, Double.NaN, 150, 150));
    assertThat(back.whyFine(A, 149, 10)).isPresent();
    assertThat(back.whyFine(A, 150, 0)).isEmpty();
  }

  @Test
  void keysThatAreNoTextAreToldApart() {
    Verdicts odd = Verdicts.NONE.plus(new byte[] {(byte) 0xff}, new Verdict(0, 1, 0, 9));
    assertThat(odd.whyFine(new byte[] {(byte) 0xff}, 1, 1)).isPresent();
    assertThat(odd.whyFine(new byte[] {(byte) 0xfe}, 1, 1)).isEmpty();
  }
}
