package dev.sluice.bench;

import dev.sluice.bench.Bench.What;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Everything that one call of {@code sluice bench} measures, scenario by scenario. */
final class Session {

  /** What the fastest contender may drain in a second. */
  private static final double MOST_PER_SECOND = 420_000;

  private static final int COMPARED = 50_000;
  private static final double OUTAGE_RATE = 2_000;
  private static final int MOST_OUTAGE_KEYS = 100_000;

  private final Bench options;
  private final Site site;
  private final Measurements measured;
  private int runs;

  Session(Bench options, Site site, Measurements measured) {
    this.options = options;
    this.site = site;
    this.measured = measured;
  }

  void run() throws IOException, InterruptedException {
    if (options.checkPlan) {
      new CheckPlan(options, site, measured).run();
      return;
    }
    for (int keys : options.keys) {
      for (Load.Skew skew : options.skews) {
        String input = "events-" + keys + "-" + skew.name().toLowerCase(Locale.ROOT);
        boolean throughput = options.measures.contains(What.THROUGHPUT);
        long events = events(keys, MOST_PER_SECOND);
        boolean tokens = throughput && options.contenders.contains(Contender.TOKENS.letter());
        if (throughput) {
          fill(input, new Load(keys, skew, 1), events);
        }
        if (tokens) {
          fill(tokens(input), new Load(keys, skew, 1, options.tokens), messages(keys));
        }
        for (int hidden : options.hidden) {
          site.artifact(hidden);
          site.tokens(hidden);
          var scenario =
              new Scenario(
                  hidden,
                  keys,
                  skew,
                  options.threads,
                  options.commitMillis(),
                  options.rowsEvery,
                  options.tokens);
          if (throughput) {
            throughput(scenario, input, events);
          }
          flowing(scenario);
        }
        if (throughput) {
          site.deleteTopic(input);
        }
        if (tokens) {
          site.deleteTopic(tokens(input));
        }
      }
    }
  }

  private static String tokens(String input) {
    return input + "-tokens";
  }

  private long events(int keys, double mostPerSecond) {
    return options.events > 0
        ? options.events
        : keys + (long) ((options.warmUp + options.seconds + 2) * mostPerSecond);
  }

  /** Each costs several steps. */
  private long messages(int keys) {
    return events(keys, MOST_PER_SECOND / Math.min(10, options.tokens));
  }

  private void fill(String input, Load load, long events) throws InterruptedException {
    say("Filling " + input + " with " + events + " events");
    site.createTopic(input, options.threads, Map.of());
    Filling.fill(site, input, load, events);
  }

  private void throughput(Scenario scenario, String input, long events)
      throws IOException, InterruptedException {
    Map<Contender, List<Measurements.Throughput>> byContender = new EnumMap<>(Contender.class);
    for (int round = 0; round < options.repeat; round++) {
      List<Run> done = new ArrayList<>();
      for (String letter : options.contenders) {
        Contender contender = Contender.of(letter);
        boolean tokens = contender == Contender.TOKENS;
        Run run = run(contender, scenario, tokens ? tokens(input) : input);
        // Random keys are spread over partitions: only after so many is each key's row there.
        long built = (long) (scenario.keys() * 1.05);
        long all = tokens ? messages(scenario.keys()) : events;
        var drain = new Drain(site, new Drain.Window(built, options.warmUp, options.seconds, all));
        site.createTopic(run.scores(), scenario.threads(), Map.of());
        site.createTopic(run.alerts(), scenario.threads(), Map.of());
        Measurements.Throughput figures = drain.measure(run, 1);
        if (run.contender() == Contender.SLUICE && round == 0) {
          figures = figures.withRestored(drain.restored(run, figures.startSeconds()));
        }
        byContender.computeIfAbsent(run.contender(), _ -> new ArrayList<>()).add(figures);
        say(BenchReport.line(run, figures));
        done.add(run);
      }
      agree(done);
      for (Run run : done) {
        site.delete(run);
      }
    }
    byContender.values().forEach(list -> measured.throughput().add(median(list)));
  }

  /** All that have a model must say the same. */
  private void agree(List<Run> runs) throws IOException {
    // Keys that adapt judge their events otherwise.
    List<Run> scored =
        runs.stream()
            .filter(run -> run.contender() != Contender.PASS)
            .filter(run -> run.contender() != Contender.TOKENS)
            .filter(run -> run.contender().adapt().equals("none"))
            .toList();
    for (int i = 1; i < scored.size(); i++) {
      int compared = new Agreement(site).check(scored.getFirst(), scored.get(i), COMPARED);
      say(
          "("
              + scored.getFirst().contender().letter()
              + ") and ("
              + scored.get(i).contender().letter()
              + ") agree in "
              + compared
              + " results");
    }
  }

  private void flowing(Scenario scenario) throws IOException, InterruptedException {
    var flowing = new Flowing(site, options.warmUp, options.seconds);
    List<Contender> peers =
        new ArrayList<>(options.contenders.stream().map(Contender::of).toList());
    peers.remove(Contender.PASS);
    peers.remove(Contender.TOKENS);
    double perSecond = options.rate > 0 ? options.rate : halfOfBaseline(scenario);
    // At a million keys building up is what takes the time; its outages are asked for on their own.
    for (Contender contender : peers) {
      if (options.measures.contains(What.LATENCY) && perSecond > 0) {
        Run run = own(contender, scenario);
        measured.latency().add(flowing.latency(run, perSecond));
        say(measured.latency().getLast().toString());
        site.delete(run);
      }
      if (options.measures.contains(What.SWAP) && perSecond > 0) {
        Run run = own(contender, scenario);
        say(flowing.swaps(run, perSecond, options.repeat));
        site.delete(run);
      }
      boolean few = scenario.keys() <= MOST_OUTAGE_KEYS || options.measures.size() == 1;
      if (options.measures.contains(What.RESTART) && few) {
        Run run = own(contender, scenario);
        measured.outages().add(flowing.restarts(run, OUTAGE_RATE, options.repeat));
        say(measured.outages().getLast().toString());
        site.delete(run);
      }
      if (options.measures.contains(What.FAILOVER) && few) {
        Run run = own(contender, scenario);
        measured.outages().add(flowing.failover(run, OUTAGE_RATE));
        say(measured.outages().getLast().toString());
        site.delete(run);
      }
    }
  }

  private double halfOfBaseline(Scenario scenario) {
    return measured.throughput().stream()
        .filter(figures -> figures.contender().equals(Contender.BASELINE.letter()))
        .filter(figures -> figures.hidden() == scenario.hidden())
        .filter(figures -> figures.keys() == scenario.keys())
        .filter(figures -> figures.skew().equals(scenario.skew().name()))
        .mapToDouble(figures -> figures.eventsPerSecond() / 2)
        .findFirst()
        .orElse(0);
  }

  private Run run(Contender contender, Scenario scenario, String input) {
    return new Run("run-" + contender.letter() + "-" + ++runs, contender, scenario, input);
  }

  private Run own(Contender contender, Scenario scenario) {
    Run run = run(contender, scenario, "");
    return new Run(run.name(), contender, scenario, run.name() + "-events");
  }

  /** Returns the run whose rate is the median, with the best known rate of restoring. */
  static Measurements.Throughput median(List<Measurements.Throughput> all) {
    ToDoubleFunction<Measurements.Throughput> rate = Measurements.Throughput::eventsPerSecond;
    List<Measurements.Throughput> sorted =
        all.stream().sorted(java.util.Comparator.comparingDouble(rate)).toList();
    Measurements.Throughput middle = sorted.get(sorted.size() / 2);
    double restored =
        all.stream().mapToDouble(Measurements.Throughput::restoredPerSecond).max().orElse(0);
    return middle.withRestored(restored);
  }

  static void say(String line) {
    System.err.println(line);
  }
}
