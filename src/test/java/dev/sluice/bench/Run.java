package dev.sluice.bench;

/**
 * One contender's run: nothing of it is shared with another run but the input.
 *
 * @param name of the application, its group and its topics
 * @param contender who runs
 * @param scenario what is measured
 * @param input the topic of events
 */
record Run(String name, Contender contender, Scenario scenario, String input) {

  private static final String READINGS = "  - {number: FIELD, scale: key}\n  - time: of-day";
  private static final String TOKENS = "  - {tokens: FIELD, dimensions: 16, ends: false}";

  String scores() {
    return name + "-scores";
  }

  String alerts() {
    return name + "-alerts";
  }

  String changelog() {
    String store = contender.isSluice() ? "sluice-memory" : BaselineProcessor.STORE;
    return name + "-" + store + "-changelog";
  }

  /** Returns the topic of the models of a size. */
  static String weights(boolean tokens, int hidden) {
    return (tokens ? "token-weights-" : "weights-") + hidden;
  }

  /** Returns the topology file; what is not Sluice takes its client properties from it. */
  String topology() {
    boolean tokens = contender == Contender.TOKENS;
    return """
    name: NAME
    input: {topic: INPUT, time: at}
    features:
    FEATURES
    model: {id: MODEL, hidden: HIDDEN, predict: PREDICT}
    score: {threshold: THRESHOLD, warmUp: WARM, quiet: QUIET}
    weights: {topic: WEIGHTS}
    delivery: {commitInterval: COMMITms, threads: THREADS}
    state: {rowsEvery: EVERY, adapt: ADAPT}
    """
        .replace("NAME", name)
        .replace("INPUT", input)
        .replace("FEATURES", tokens ? TOKENS : READINGS)
        .replace("PREDICT", tokens ? "{category: FIELD}" : "{value: FIELD, bins: BINS}")
        .replace("FIELD", tokens ? BenchModels.TEXT : BenchModels.FIELD)
        .replace("MODEL", BenchModels.ID)
        .replace("HIDDEN", Integer.toString(scenario.hidden()))
        .replace("BINS", Integer.toString(BenchModels.BINS))
        .replace("THRESHOLD", Double.toString(BenchModels.THRESHOLD))
        .replace("WARM", Integer.toString(BenchModels.WARM_UP))
        .replace("QUIET", Integer.toString(BenchModels.QUIET))
        .replace("WEIGHTS", weights(tokens, scenario.hidden()))
        .replace("ADAPT", contender.adapt())
        .replace("EVERY", contender == Contender.SPARSE ? scenario.rowsEvery() : "0s")
        .replace("COMMIT", Long.toString(scenario.commitMillis()))
        .replace("THREADS", Integer.toString(scenario.threads()));
  }
}
