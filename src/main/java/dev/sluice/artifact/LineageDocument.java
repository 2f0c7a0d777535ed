package dev.sluice.artifact;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.model.Lineage;
import dev.sluice.model.Profile;
import dev.sluice.model.Spread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the document of any model says of where it comes from. */
final class LineageDocument {

  private static final int MAX_FIELDS = 1024;

  private LineageDocument() {}

  /** Writes the field {@code lineage}. */
  static void write(JsonGenerator json, Lineage lineage) throws IOException {
    json.writeObjectFieldStart("lineage");
    json.writeStringField("source", lineage.source());
    json.writeNumberField("events", lineage.events());
    json.writeNumberField("seed", lineage.seed());
    json.writeNumberField("parentVersion", lineage.parentVersion());
    json.writeStringField("code", lineage.code());
    json.writeObjectFieldStart("metrics");
    for (Map.Entry<String, Double> metric : lineage.metrics().entrySet()) {
      if (!Double.isFinite(metric.getValue())) {
        throw new IllegalArgumentException(
            "metric " + metric.getKey() + " is " + metric.getValue() + ". Leave it out");
      }
      json.writeNumberField(metric.getKey(), metric.getValue());
    }
    json.writeEndObject();
    if (lineage.profile().isPresent()) {
      writeProfile(json, lineage.profile().get());
    }
    json.writeEndObject();
  }

  private static void writeProfile(JsonGenerator json, Profile profile) throws IOException {
    json.writeObjectFieldStart("profile");
    json.writeObjectFieldStart("surprise");
    writeSpread(json, profile.surprise());
    json.writeEndObject();
    json.writeArrayFieldStart("fields");
    for (Profile.Field field : profile.fields()) {
      json.writeStartObject();
      json.writeStringField("name", field.name());
      json.writeNumberField("missing", field.missing());
      writeSpread(json, field.spread());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeSpread(JsonGenerator json, Spread spread) throws IOException {
    json.writeArrayFieldStart("edges");
    for (double edge : spread.edges()) {
      json.writeNumber(edge);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("counts");
    for (long count : spread.counts()) {
      json.writeNumber(count);
    }
    json.writeEndArray();
  }

  /** Reads what {@link #write} wrote. */
  static Lineage read(JsonObject node) {
    JsonObject values = node.object("metrics");
    Map<String, Double> metrics = new LinkedHashMap<>();
    for (String name : values.names()) {
      metrics.put(name, values.number(name));
    }
    var lineage =
        new Lineage(
            node.text("source"),
            node.whole("events"),
            node.whole("seed"),
            node.count("parentVersion", 0, Integer.MAX_VALUE),
            node.text("code"),
            metrics,
            node.has("profile")
                ? Optional.of(readProfile(node.object("profile")))
                : Optional.empty());
    node.end();
    return lineage;
  }

  private static Profile readProfile(JsonObject node) {
    JsonObject surprise = node.object("surprise");
    Spread ofSurprise = readSpread(surprise);
    surprise.end();
    var fields = new ArrayList<Profile.Field>();
    for (JsonObject field : node.objects("fields", MAX_FIELDS)) {
      fields.add(new Profile.Field(field.text("name"), field.whole("missing"), readSpread(field)));
      field.end();
    }
    node.end();
    return new Profile(ofSurprise, fields);
  }

  private static Spread readSpread(JsonObject node) {
    return new Spread(
        node.numbers("edges", Spread.MOST_EDGES), node.wholes("counts", Spread.MOST_EDGES + 1));
  }
}
