package dev.sluice.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each view shows of a token. */
final class TokenViewTest {

  @ParameterizedTest
  @CsvSource({
    "WORD,     Boeing-747, Boeing-747",
    "PLAIN,    Boeing-747, boeing-000",
    "PREFIX_2, Boeing-747, bo",
    "PREFIX_3, 747s,       000",
    "SUFFIX_2, Flying,     ng",
    "SUFFIX_3, Flying,     ing",
    "SUFFIX_3, to,         to",
    "SHAPE,    Boeing-747, Xx-d",
    "SHAPE,    USA,        X",
    "SHAPE,    ?,          ?",
  })
  void aViewShowsAPartOfAToken(TokenView view, String token, String shown) {
    assertThat(view.of(token)).isEqualTo(shown);
  }

  @Test
  void aViewIsFoundByItsName() {
    for (TokenView view : TokenView.values()) {
      assertThat(TokenView.named(view.id())).contains(view);
    }
    assertThat(TokenView.named("infix-2")).isEmpty();
  }
}
