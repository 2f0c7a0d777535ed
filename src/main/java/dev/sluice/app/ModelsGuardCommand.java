package dev.sluice.app;

import dev.sluice.config.Topology;
import dev.sluice.stream.Broker;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice models guard}: goes back by itself where a new version is worse. */
@Command(
    name = "guard",
    mixinStandardHelpOptions = true,
    description = {
      "Watches the results of each new version, and rolls back to the version before where the"
          + " surprise is worse by more than weights.guard of the topology allows. Goes on until"
          + " it is stopped; one process for a topology is enough."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; the version that was judged stays",
      "1:failed; the reason is on standard error",
      "2:misuse",
      "3:with --once: the version was rolled back"
    })
final class ModelsGuardCommand implements Callable<Integer> {

  /** Nothing failed, but a scheduler has something to do. */
  static final int FOUND = 3;

  @Spec private CommandSpec spec;

  @Mixin private ModelsTarget target;

  @Option(
      names = "--once",
      description = "End when one version has been judged, in place of waiting for the next.")
  private boolean once;

  @Option(
      names = "--immediate",
      description = {
        "Roll back for the very next event, in place of shortly after now by the time of the"
            + " events. Right where event times are not those of the clock; a replay cannot know"
            + " at which event it was."
      })
  private boolean immediate;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Topology file = target.file();
    Properties properties = target.kafka().properties(file);
    awaitBroker(properties);
    var watch =
        new GuardWatch(
            file,
            KafkaOptions.clientMap(properties),
            immediate,
            InstantSource.system(),
            line -> print(spec.commandLine().getOut(), line),
            line -> print(spec.commandLine().getErr(), line));
    try (Stop stop = Stop.onTermination()) {
      GuardWatch.Fate fate =
          watch.run(now -> !stop.isAsked() && (!once || now == GuardWatch.Fate.OPEN));
      return once && fate == GuardWatch.Fate.ROLLED_BACK ? FOUND : 0;
    }
  }

  private void awaitBroker(Properties properties) throws InterruptedException {
    try (Admin admin = Broker.admin(properties)) {
      Broker.await(
          admin,
          target.kafka().bootstrap(properties),
          line -> print(spec.commandLine().getErr(), line));
    } catch (Broker.RefusedException e) {
      throw new Complaint(e);
    }
  }

  private static void print(PrintWriter to, String line) {
    to.println(line);
    to.flush();
  }
}
