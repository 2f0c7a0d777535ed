package dev.sluice.quality;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Hash;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Results as they lie on the topic, and what is no result. */
final class ScoredTest {

  private static final String RESULT =
      "{\"key\":\"a\",\"time\":\"1970-01-01T00:00:01.5Z\",\"value\":93.5,\"expected\":61.4,"
          + "\"low\":55.0,\"high\":68.1,\"surprise\":9.75,\"score\":0.97,\"alert\":true,"
          + "\"warmingUp\":false,\"later\":{\"surprise\":[1]},\"modelVersion\":2,\"why\":\"x\"}";

  @Test
  void theFieldsThatTellOfTheModelAreRead() {
    assertThat(parse(RESULT)).contains(new Scored(Hash.of(bytes("a")), 1500, 2, 9.75, true, false));
  }

  @Test
  void whatDidNotComeWasNotJudgedUnlessItIsAWord() {
    String missing = RESULT.replace("\"value\":93.5,", "");
    assertThat(parse(missing).orElseThrow().isJudged()).isFalse();
    assertThat(parse(RESULT.replace("\"value\":93.5,", "\"probability\":0.5,")).orElseThrow())
        .satisfies(word -> assertThat(word.isJudged()).isTrue());
    assertThat(parse(RESULT.replace("Up\":false", "Up\":true")).orElseThrow().isJudged()).isFalse();
  }

  @Test
  void whatIsNoResultIsPassedOver() {
    for (String text :
        new String[] {
          "",
          "null",
          "7",
          "{}",
          "[1]",
          RESULT.substring(0, 100),
          RESULT.replace("1970-01-01T00:00:01.5Z", "yesterday"),
          RESULT.replace(":2,", ":\"two\","),
          RESULT.replace("9.75", "{}")
        }) {
      assertThat(parse(text)).as(text).isEmpty();
    }
  }

  @Test
  void everyBitOfTheHashIsEvenOverKeysThatLookAlike() {
    int keys = 20_000;
    int[] ones = new int[64];
    Set<Long> different = new HashSet<>();
    for (int i = 0; i < keys; i++) {
      long hash = Hash.of(bytes("sensor-" + i));
      different.add(hash);
      for (int bit = 0; bit < 64; bit++) {
        ones[bit] += (int) (hash >>> bit & 1);
      }
    }
    assertThat(different).hasSize(keys);
    for (int count : ones) {
      assertThat(count).isBetween(keys / 2 - 400, keys / 2 + 400); // More than five deviations.
    }
  }

  private static Optional<Scored> parse(String value) {
    return Scored.parse(bytes("a"), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void whatAShadowSaysIsRead() {
    String json =
        "{\"time\":\"1970-01-01T00:00:01.5Z\",\"value\":1,\"surprise\":2,\"modelVersion\":2,"
            + "\"shadow\":{\"version\":3,\"surprise\":0.5,\"score\":0.1,\"alert\":true}}";
    Scored scored = parse(json).orElseThrow();
    assertThat(scored.surprise()).isEqualTo(2);
    assertThat(scored.alert()).isFalse();
    assertThat(scored.shadow()).contains(new Scored.Shadow(3, 0.5, true));
    var quality = new LiveQuality();
    quality.accept(scored);
    assertThat(quality.versions().keySet()).containsExactly(2);
    assertThat(quality.shadows().get(3).meanSurprise()).isEqualTo(0.5);
    assertThat(quality.shadows().get(3).alertRate()).isEqualTo(1);
  }

  @Test
  void whatIsNoShadowIsPassedOver() {
    for (String none :
        List.of("5", "{}", "{\"version\":3}", "{\"surprise\":1}", "[{\"version\":3}]")) {
      String json =
          "{\"shadow\":" + none + ",\"modelVersion\":2,\"value\":1,\"surprise\":2,\"alert\":true}";
      Scored scored = parse(json).orElseThrow();
      assertThat(scored.shadow()).isEmpty();
      assertThat(scored.surprise()).isEqualTo(2);
      assertThat(scored.alert()).isTrue();
    }
  }
}
