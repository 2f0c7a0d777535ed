package dev.sluice.proof;

/**
 * What a proof by killing does. Everything random in it comes from the seed; what the machine makes
 * of it does not.
 *
 * @param events sent in all
 * @param rate events a second
 * @param kills of a scoring process with SIGKILL
 * @param stops of a scoring process with SIGTERM, among the kills
 * @param brokerKills of the broker with SIGKILL, among the kills
 * @param instances scoring processes
 * @param threads stream threads of each
 * @param standbys copies of each memory in another instance
 * @param protocol of the consumer group, classic or streams
 * @param fixedMembers whether instances are static members of the group
 * @param keyIsField whether events are re-keyed by a field
 * @param guarantee of the topology
 * @param kafka more client properties, {@code name=value} with commas between
 */
record Plan(
    int events,
    int rate,
    int kills,
    int stops,
    int brokerKills,
    int instances,
    int threads,
    int standbys,
    String protocol,
    boolean fixedMembers,
    boolean keyIsField,
    String guarantee,
    String kafka,
    long seed) {

  /** Returns the whole proof, changed by system properties: {@code -Dproof.kills=20} and so on. */
  static Plan ofProperties() {
    String protocol = System.getProperty("proof.protocol", "classic");
    return new Plan(
        Integer.getInteger("proof.events", 200_000),
        Integer.getInteger("proof.rate", 2_000),
        Integer.getInteger("proof.kills", 10),
        Integer.getInteger("proof.stops", 3),
        Integer.getInteger("proof.brokerKills", 0),
        Integer.getInteger("proof.instances", 1),
        Integer.getInteger("proof.threads", 1),
        Integer.getInteger("proof.standbys", 0),
        protocol,
        Boolean.parseBoolean(
            System.getProperty("proof.fixedMembers", Boolean.toString(protocol.equals("classic")))),
        Boolean.getBoolean("proof.keyIsField"),
        System.getProperty("proof.guarantee", "exactly-once"),
        System.getProperty("proof.kafka", ""),
        Long.getLong("proof.seed", 20261123));
  }

  /** Returns a proof small enough for every build. */
  static Plan small() {
    return new Plan(
        36_000, 1_500, 2, 1, 0, 1, 1, 0, "classic", true, false, "exactly-once", "", 20261123);
  }

  /** Returns how often something is ended, in whatever way. */
  int blows() {
    return kills + stops + brokerKills;
  }

  /** Returns more of the {@code input} section of the topology. */
  String input() {
    return keyIsField ? "key: key" : "key: record";
  }

  /** Returns the {@code delivery} section of the topology. */
  String delivery() {
    return "{guarantee: " + guarantee + ", wave: 256, threads: " + threads + "}";
  }
}
