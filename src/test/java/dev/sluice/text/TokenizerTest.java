package dev.sluice.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Text of every script, and what is no text. */
final class TokenizerTest {

  private static List<String> cut(Tokenizer tokenizer, byte[] utf8) {
    List<String> tokens = new ArrayList<>();
    tokenizer.cut(
        utf8,
        0,
        utf8.length,
        new Tokenizer.Sink() {
          @Override
          public void token(byte[] bytes, int from, int to) {
            tokens.add(new String(bytes, from, to - from, UTF_8));
          }

          @Override
          public void token(String token) {
            tokens.add(token);
          }
        });
    return tokens;
  }

  private static List<String> cut(Tokenizer tokenizer, String text) {
    return cut(tokenizer, text.getBytes(UTF_8));
  }

  @Test
  void wordsArePartedAtBlanksAndSigns() {
    assertThat(cut(Tokenizer.WORDS, "GET /a_b?x=10  don't 'quote'\t\n"))
        .containsExactly("GET", "/", "a_b", "?", "x", "=", "10", "don't", "'", "quote", "'");
    assertThat(cut(Tokenizer.LOWER_WORDS, "It's OK.")).containsExactly("it's", "ok", ".");
    assertThat(cut(Tokenizer.WORDS, " \r\n\u00a0\u2003")).isEmpty();
  }

  @Test
  void wordsOfOtherScriptsStayWhole() {
    assertThat(cut(Tokenizer.LOWER_WORDS, "Gr\u00dc\u00dfe, \u041c\u0418\u0420!"))
        .containsExactly("gr\u00fc\u00dfe", ",", "\u043c\u0438\u0440", "!");
    // Hebrew with points, Arabic with an Arabic comma and digits, Devanagari with a vowel sign.
    assertThat(
            cut(
                Tokenizer.WORDS,
                "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u0645\u0631\u060c \u0663\u0664"))
        .hasSize(4);
    assertThat(cut(Tokenizer.WORDS, "\u0939\u093f\u0928\u094d\u0926\u0940")).hasSize(1);
    assertThat(cut(Tokenizer.WORDS, "\u4f60\u597d\uff0c\u4e16\u754c"))
        .containsExactly("\u4f60\u597d", "\uff0c", "\u4e16\u754c");
  }

  @Test
  void anAccentIsTheSameHoweverItCame() {
    String composed = "caf\u00e9";
    String parted = "cafe\u0301";
    for (Tokenizer tokenizer : List.of(Tokenizer.WORDS, Tokenizer.CHARACTERS)) {
      assertThat(cut(tokenizer, parted)).isEqualTo(cut(tokenizer, composed));
    }
    assertThat(cut(Tokenizer.BYTES, parted)).isNotEqualTo(cut(Tokenizer.BYTES, composed));
  }

  @Test
  void charactersAreWholeAndAnEmojiMayBeSeveral() {
    assertThat(cut(Tokenizer.CHARACTERS, "a \ud83d\ude00"))
        .containsExactly("a", " ", "\ud83d\ude00");
    // Woman, joiner, rocket.
    assertThat(cut(Tokenizer.CHARACTERS, "\ud83d\udc69\u200d\ud83d\ude80")).hasSize(3);
  }

  @Test
  void bytesAreThemselves() {
    byte[] bytes = {'a', ' ', '\n', (byte) 0xe2, (byte) 0x82};
    assertThat(cut(Tokenizer.BYTES, bytes)).containsExactly("a", " ", "<0x0A>", "<0xE2>", "<0x82>");
  }

  /**
   * The fast way of ASCII and the way of all text agree: a letter beyond ASCII changes no other.
   */
  @ParameterizedTest
  @EnumSource(
      value = Tokenizer.class,
      names = {"CHARACTERS", "WORDS", "LOWER_WORDS"})
  void asciiIsCutAsAnyText(Tokenizer tokenizer) {
    var random = new Random(5);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      int length = random.nextInt(30);
      for (int c = 0; c < length; c++) {
        boolean often = random.nextInt(4) > 0;
        text.append((char) (often ? "aB'_ 9".charAt(random.nextInt(6)) : random.nextInt(128)));
      }
      List<String> tokens = new ArrayList<>(cut(tokenizer, text.toString()));
      tokens.addAll(cut(tokenizer, "\n\u00e9"));
      assertThat(cut(tokenizer, text + "\n\u00e9")).isEqualTo(tokens);
    }
  }

  @Test
  void whatIsNoUtf8IsAReplacementCharacter() {
    byte[] broken = {'a', (byte) 0xff, 'b'};
    assertThat(cut(Tokenizer.CHARACTERS, broken)).containsExactly("a", "\ufffd", "b");
  }

  @ParameterizedTest
  @EnumSource
  void tenMegabytesWithoutABlankAreCut(Tokenizer tokenizer) {
    String text = "a'".repeat(2_500_000) + "\u00e9" + "b".repeat(5_000_000);
    assertThat(cut(tokenizer, text)).hasSizeGreaterThan(0);
  }
}
