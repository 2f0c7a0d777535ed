package dev.sluice.app;

import dev.sluice.model.Lineage;
import dev.sluice.quality.LiveQuality;
import dev.sluice.registry.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link VersionList} and {@link LiveQuality} as tables. */
final class VersionTables {

  private static final String NONE = "-";

  private VersionTables() {}

  static List<String> lines(VersionList list, @Nullable LiveQuality quality) {
    List<String> lines = new ArrayList<>();
    lines.add(headline(list));
    if (!list.timeline().entries().isEmpty()) {
      lines.add("");
      lines.addAll(entries(list));
    }
    if (!list.versions().isEmpty()) {
      lines.add("");
      lines.addAll(versions(list));
    }
    if (quality != null) {
      lines.add("");
      lines.addAll(live(quality));
    }
    return lines;
  }

  private static String headline(VersionList list) {
    Timeline timeline = list.timeline();
    String pin =
        timeline
            .pin()
            .map(
                set ->
                    ". Version "
                        + set.version()
                        + " is pinned since "
                        + Instant.ofEpochMilli(set.sinceMillis())
                        + (set.held().isEmpty() ? "" : "; waiting: " + words(set.held())))
            .orElse("");
    return list.inForce()
        .map(version -> timeline.id() + ": version " + version + " is in force now" + pin + ".")
        .orElse("No version of " + timeline.id() + " is published" + pin + ".");
  }

  private static String words(List<Integer> versions) {
    return versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static List<String> entries(VersionList list) {
    var table = new Table("entry", "version", "in force", "how", "at");
    for (Timeline.Entry entry : list.timeline().entries()) {
      table.row(
          Long.toString(entry.sequence()),
          Integer.toString(entry.version()),
          ModelsCommand.describeTime(entry.validFromMillis()),
          how(entry),
          Instant.ofEpochMilli(entry.publishedAtMillis()).toString());
    }
    return table.lines();
  }

  private static String how(Timeline.Entry entry) {
    return switch (entry.what()) {
      case PUBLISH -> "published";
      case ROLLBACK -> "rolled back";
      case CANARY -> "for " + entry.share() + " of the keys";
    };
  }

  private static List<String> versions(VersionList list) {
    var table = new Table("version", "parent", "learned from", "held-out nats", "code", "bytes");
    for (VersionList.Version version : list.versions()) {
      String number = Integer.toString(version.manifest().version());
      String bytes = Numbers.grouped(version.manifest().size());
      if (version.lineage().isEmpty()) {
        table.row(number, NONE, version.problem(), NONE, NONE, bytes);
        continue;
      }
      Lineage lineage = version.lineage().get();
      Double heldOut = lineage.metrics().get(Lineage.VALIDATION_NATS);
      table.row(
          number,
          lineage.parentVersion() == 0 ? NONE : Integer.toString(lineage.parentVersion()),
          Numbers.grouped(lineage.events()) + " events of " + lineage.source(),
          heldOut == null ? NONE : Numbers.four(heldOut),
          lineage.code(),
          bytes);
    }
    return table.lines();
  }

  private static List<String> live(LiveQuality quality) {
    if (quality.versions().isEmpty()) {
      return List.of("No results in that time.");
    }
    var table = new Table("version", "results", "keys", "mean surprise", "alerts", "last event");
    quality.versions().forEach((version, seen) -> row(table, version.toString(), seen));
    quality.shadows().forEach((version, seen) -> row(table, version + ", as a shadow", seen));
    return table.lines();
  }

  private static void row(Table table, String version, LiveQuality.Version seen) {
    table.row(
        version,
        Numbers.grouped(seen.events()),
        Numbers.grouped(seen.keys()) + (seen.keys() == LiveQuality.MOST_KEYS ? " or more" : ""),
        seen.judged() == 0 ? NONE : Numbers.four(seen.meanSurprise()) + " nats",
        Numbers.two(100 * seen.alertRate()) + " %",
        Instant.ofEpochMilli(seen.lastMillis()).toString());
  }
}
