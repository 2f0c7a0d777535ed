package dev.sluice.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Lineage;
import dev.sluice.quality.LiveQuality;
import dev.sluice.registry.Pin;
import dev.sluice.registry.Timeline;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@link VersionList} and {@link LiveQuality} as one JSON object, for scripts. */
final class VersionJson {

  private VersionJson() {}

  static String write(VersionList list, @Nullable LiveQuality quality) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("id", list.timeline().id()).put("topic", list.topic());
    list.inForce().ifPresent(version -> root.put("inForce", version));
    list.timeline().pin().ifPresent(pin -> pin(pin, root.putObject("pin")));
    ArrayNode entries = root.putArray("entries");
    list.timeline().entries().forEach(entry -> entry(entry, entries.addObject()));
    ArrayNode versions = root.putArray("versions");
    list.versions().forEach(version -> version(version, versions.addObject()));
    if (quality != null) {
      ArrayNode live = root.putArray("live");
      quality.versions().forEach((version, seen) -> live(version, seen, live.addObject()));
    }
    return root.toString();
  }

  private static void pin(Pin pin, ObjectNode to) {
    to.put("version", pin.version()).put("since", time(pin.sinceMillis()));
    ArrayNode held = to.putArray("held");
    pin.held().forEach(held::add);
  }

  private static void entry(Timeline.Entry entry, ObjectNode to) {
    to.put("sequence", entry.sequence()).put("version", entry.version());
    if (entry.validFromMillis() == Timeline.IMMEDIATE) {
      to.putNull("validFrom");
    } else {
      to.put("validFrom", time(entry.validFromMillis()));
    }
    to.put("publishedAt", time(entry.publishedAtMillis()));
    to.put("what", entry.what().name().toLowerCase(Locale.ROOT)).put("share", entry.share());
  }

  private static void version(VersionList.Version version, ObjectNode to) {
    to.put("version", version.manifest().version())
        .put("bytes", version.manifest().size())
        .put("sha256", version.manifest().sha256());
    if (version.lineage().isEmpty()) {
      to.put("problem", version.problem());
      return;
    }
    Lineage lineage = version.lineage().get();
    to.put("parent", lineage.parentVersion())
        .put("events", lineage.events())
        .put("source", lineage.source())
        .put("seed", lineage.seed())
        .put("code", lineage.code());
    ObjectNode metrics = to.putObject("metrics");
    lineage.metrics().forEach(metrics::put);
  }

  private static void live(int version, LiveQuality.Version seen, ObjectNode to) {
    to.put("version", version).put("results", seen.events()).put("keys", seen.keys());
    to.put("judged", seen.judged());
    if (seen.judged() > 0) {
      to.put("meanSurprise", seen.meanSurprise());
    }
    to.put("alertRate", seen.alertRate()).put("lastEvent", time(seen.lastMillis()));
  }

  private static String time(long millis) {
    return Instant.ofEpochMilli(millis).toString();
  }
}
