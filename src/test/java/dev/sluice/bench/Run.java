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

  static String weights(int hidden) {
    return "weights-" + hidden;
  }

  /** Returns the topology file; what is not Sluice takes its client properties from it. */
  String topology() {
    return """
    name: NAME
    input: {topic: INPUT, time: at}
    features:
      - {number: FIELD, scale: key}
      - time: of-day
    model: {id: MODEL, hidden: HIDDEN, predict: {value: FIELD, bins: BINS}}
    score: {threshold: THRESHOLD, warmUp: WARM, quiet: QUIET}
    weights: {topic: WEIGHTS}
    delivery: {commitInterval: COMMITms, threads: THREADS}
    state: {rowsEvery: EVERY, adapt: ADAPT}
    """
        .replace("NAME", name)
        .replace("INPUT", input)
        .replace("FIELD", BenchModels.FIELD)
        .replace("MODEL", BenchModels.ID)
        .replace("HIDDEN", Integer.toString(scenario.hidden()))
        .replace("BINS", Integer.toString(BenchModels.BINS))
        .replace("THRESHOLD", Double.toString(BenchModels.THRESHOLD))
        .replace("WARM", Integer.toString(BenchModels.WARM_UP))
        .replace("QUIET", Integer.toString(BenchModels.QUIET))
        .replace("WEIGHTS", weights(scenario.hidden()))
        .replace("ADAPT", contender.adapt())
        .replace("EVERY", contender == Contender.SPARSE ? scenario.rowsEvery() : "0s")
        .replace("COMMIT", Long.toString(scenario.commitMillis()))
        .replace("THREADS", Integer.toString(scenario.threads()));
  }
}
