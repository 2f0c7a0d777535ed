package dev.sluice.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The keys are a promise to every release that will read them: written out here. */
final class WeightsKeyTest {

  @Test
  void theThreeKindsAreWrittenAsDocumented() {
    assertThat(new WeightsKey.Chunk("temps", 3, 0).text()).isEqualTo("temps/3/0");
    assertThat(new WeightsKey.Label("temps", 3).text()).isEqualTo("temps/3/manifest");
    assertThat(new WeightsKey.History("temps").text()).isEqualTo("temps/timeline");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    assertThat(WeightsKey.parse("temps/3/0")).contains(new WeightsKey.Chunk("temps", 3, 0));
    assertThat(WeightsKey.parse("a.b_c-D/999999999/999999999"))
        .contains(new WeightsKey.Chunk("a.b_c-D", 999_999_999, 999_999_999));
    assertThat(WeightsKey.parse("temps/3/manifest")).contains(new WeightsKey.Label("temps", 3));
    assertThat(WeightsKey.parse("temps/timeline")).contains(new WeightsKey.History("temps"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "temps",
        "temps/",
        "temps/0/1",
        "temps/03/1",
        "temps/3/01",
        "temps/3/-1",
        "temps/1000000000/1",
        "temps/3/1000000000",
        "temps/3/manifest/",
        "temps/3/timeline",
        "temps/3/1\n",
        "/3/1",
        "../3/1",
        "te mps/3/1"
      })
  void anythingElseIsNoKey(String text) {
    assertThat(WeightsKey.parse(text)).isEmpty();
  }

  @Test
  void aNameThatWouldBreakTheKeyIsRefused() {
    assertThatThrownBy(() -> WeightsKey.requireId("a/b"))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "model id 'a/b' cannot be part of a record key. Give up to 63 letters, digits, dots,"
                + " underscores and hyphens, a letter or digit first");
  }
}
