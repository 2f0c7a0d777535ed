package dev.sluice.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.app.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * A command of {@code sluice} as typed, run to its end within this process.
 *
 * @param code how it ended
 * @param out what it printed
 * @param err what it said
 */
record Typed(int code, String out, String err) {

  /** Runs a command, whatever comes of it. */
  static Typed run(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(Stream.of(words).map(String::valueOf).toArray(String[]::new));
    return new Typed(code, out.toString(), err.toString());
  }

  /** Runs a command on a stage's brokers, which must succeed; returns what it printed. */
  static String on(Stage stage, List<String> command, Object... arguments) {
    List<Object> words = new java.util.ArrayList<>(command);
    words.add(stage.topologyPath());
    words.addAll(List.of(arguments));
    words.addAll(List.of("--bootstrap", stage.bootstrap()));
    Typed typed = run(words.toArray());
    assertThat(typed.code()).as("%s: %s", words, typed.err()).isZero();
    return typed.out();
  }
}
