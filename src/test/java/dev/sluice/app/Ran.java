package dev.sluice.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import picocli.CommandLine;

/** What a command typed into the command line did, in this process. */
record Ran(int code, String out, String err) {

  static Ran of(Object... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = line.execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
    return new Ran(code, out.toString(), err.toString());
  }

  /** Returns what it complained of, without the end of the line. */
  String complaint() {
    return err.strip();
  }
}
