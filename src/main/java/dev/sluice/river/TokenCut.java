package dev.sluice.river;

import dev.sluice.event.Cut;
import dev.sluice.event.Steps;
import dev.sluice.event.Words;
import dev.sluice.text.Tokenizer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of a field into tokens.
 *
 * @param tokenizer how
 * @param most most tokens of a text, the end among them
 * @param ends whether a token of its own, {@value #END}, ends each text
 */
record TokenCut(Tokenizer tokenizer, int most, boolean ends) implements Cut {

  /** What ends a text. */
  static final String END = "<end>";

  @Override
  public Cutter open() {
    return new Open();
  }

  private final class Open implements Cutter, Tokenizer.Sink {

    private final Words words = new Words();
    private @Nullable Steps steps;

    @Override
    public void cut(byte[] utf8, int from, int to, Steps into) {
      steps = into;
      tokenizer.cut(utf8, from, to, this);
      if (ends) {
        into.add(END);
      }
    }

    @Override
    public void token(byte[] utf8, int from, int to) {
      token(words.text(utf8, from, to));
    }

    @Override
    public void token(String token) {
      Objects.requireNonNull(steps).add(token);
    }
  }
}
