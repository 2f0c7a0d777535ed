package dev.sluice.app;

import dev.sluice.artifact.ArtifactException;
import dev.sluice.config.TopologyException;
import dev.sluice.exchange.ForeignFileException;
import dev.sluice.quality.ScoresException;
import dev.sluice.registry.WeightsException;
import dev.sluice.registry.WeightsUnreachableException;
import dev.sluice.train.TrainingException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the process begins. */
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    version = "sluice " + Main.VERSION,
    description = "Scores event streams with recurrent neural networks, inside Apache Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed; the reason is on standard error", "2:misuse"},
    subcommands = {
      DemoCommand.class,
      RunCommand.class,
      TrainCommand.class,
      ScoreCommand.class,
      GenerateCommand.class,
      ModelsCommand.class,
      CheckCommand.class,
      FeedbackCommand.class,
      BacktestCommand.class,
      PlanCommand.class,
      BenchCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {

  /** The version of this build; the same as in pom.xml, which a test sees to. */
  public static final String VERSION = "0.1.0";

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private Main() {}

  /**
   * Runs the command line and ends the process with its exit code.
   *
   * @param args as typed
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** Returns the command line, for running it and for asking what there is. */
  public static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, command, _) -> complain(e, command.getErr()));
  }

  private static int complain(Exception e, PrintWriter err) {
    String message =
        switch (e) {
          case Complaint _,
              TopologyException _,
              ArtifactException _,
              ForeignFileException _,
              WeightsException _,
              WeightsUnreachableException _,
              ScoresException _,
              TrainingException _ ->
              e.getMessage();
          case ConfigException config -> config.getMessage();
          case IOException io -> describe(io);
          case UncheckedIOException io -> describe(io);
          case InterruptedException _ -> "interrupted";
          default -> {
            // Nobody foresaw this one: the trace is for us, not for the user.
            LOG.debug("unexpected", e);
            yield "This should not have happened: "
                + e
                + ". Please report it, with the trace that SLUICE_LOG=DEBUG prints";
          }
        };
    err.println(message);
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String describe(Exception e) {
    String message = String.valueOf(e.getMessage());
    return switch (e) {
      case java.nio.file.NoSuchFileException _ -> message + ": there is no such file or folder";
      case java.nio.file.AccessDeniedException _ -> message + ": it may not be accessed";
      default -> message;
    };
  }
}
