package dev.sluice.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice backtest}: what scores are worth on labelled history. */
@Command(
    name = "backtest",
    mixinStandardHelpOptions = true,
    description = "Trains and scores on labelled history, and says what the scores are worth.",
    subcommands = {NabCommand.class, TelemetryCommand.class})
final class BacktestCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getErr());
  }
}
