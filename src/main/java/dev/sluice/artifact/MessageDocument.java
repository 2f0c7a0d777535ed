package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.quoted;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.cell.Pooling;
import dev.sluice.cell.SequenceLayer;
import dev.sluice.cell.SequenceStack;
import dev.sluice.feature.Feature;
import dev.sluice.head.Classes;
import dev.sluice.head.Linear;
import dev.sluice.model.MessageModel;
import dev.sluice.text.Vocabulary;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything a model of messages says besides its weights, as JSON, and back. */
final class MessageDocument {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_DIMENSIONS = 1024;
  private static final String FORWARD = "forward";
  private static final String BACKWARD = "backward";
  private static final String HIDDEN = "hidden";
  private static final String OUTPUTS = "outputs";
  private static final String UNITS = "units";

  private final TensorTable tensors;

  private MessageDocument(TensorTable tensors) {
    this.tensors = tensors;
  }

  /** Returns the document of {@code model}: the same text for the same model. */
  static String write(MessageModel model) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("format", MessageArtifact.FORMAT);
      json.writeStringField("kind", MessageArtifact.KIND);
      json.writeStringField("id", model.id());
      json.writeNumberField("version", model.version());
      writeCell(json, model.stack());
      json.writeArrayFieldStart("reads");
      for (Feature.Category category : model.reads()) {
        json.writeStartObject();
        json.writeStringField("view", category.name());
        json.writeNumberField("dimensions", category.dimensions());
        writeTexts(json, "vocabulary", category.vocabulary().words());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("pooling");
      json.writeStringField("kind", model.pooling().id());
      if (model.pooling() instanceof Pooling.Additive additive) {
        json.writeNumberField(UNITS, additive.query().length);
      }
      json.writeEndObject();
      if (model.label().isPresent()) {
        writeTexts(json, "label", model.label().get().names());
      }
      if (model.tags().isPresent()) {
        writeTexts(json, "tags", model.tags().get().names());
      }
      LineageDocument.write(json, model.lineage());
      json.writeEndObject();
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private static void writeCell(JsonGenerator json, SequenceStack stack) throws IOException {
    json.writeObjectFieldStart("cell");
    json.writeNumberField("inputs", stack.inputs());
    json.writeArrayFieldStart("layers");
    for (SequenceLayer layer : stack.layers()) {
      json.writeStartObject();
      writeDirection(json, FORWARD, layer.directions().getFirst());
      if (layer.directions().size() > 1) {
        writeDirection(json, BACKWARD, layer.directions().getLast());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeDirection(JsonGenerator json, String name, CellLayer layer)
      throws IOException {
    json.writeObjectFieldStart(name);
    json.writeStringField("kind", layer.cell().id());
    json.writeNumberField(HIDDEN, layer.units());
    if (layer.cell() == Cell.PROJECTED) {
      json.writeNumberField(OUTPUTS, layer.hidden());
    }
    json.writeEndObject();
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /**
   * Reads the model.
   *
   * @param document of which only {@code format} and {@code kind} were read
   * @param tensors all of which the model must need
   * @throws ArtifactException if the two do not make a model
   * @throws IllegalArgumentException if a part of the model refuses to be made
   */
  static MessageModel read(JsonObject document, TensorTable tensors) {
    MessageModel model = new MessageDocument(tensors).readModel(document);
    document.end();
    tensors.end();
    return model;
  }

  private MessageModel readModel(JsonObject document) {
    SequenceStack stack = readStack(document.object("cell"));
    int width = stack.outputs();
    List<Feature.Category> reads = new ArrayList<>();
    for (JsonObject read : document.objects("reads", MessageModel.MAX_VIEWS)) {
      reads.add(readView(read));
      read.end();
    }
    return new MessageModel(
        document.text("id"),
        document.count("version", 1, Integer.MAX_VALUE),
        reads,
        stack,
        readPooling(document.object("pooling"), width),
        readClasses(document, "label", width),
        readClasses(document, "tags", width),
        LineageDocument.read(document.object("lineage")));
  }

  private SequenceStack readStack(JsonObject cell) {
    int below = cell.count("inputs", 1, CellLayer.MAX_SIZE);
    List<SequenceLayer> layers = new ArrayList<>();
    for (JsonObject node : cell.objects("layers", CellStack.MAX_LAYERS)) {
      List<CellLayer> directions = new ArrayList<>();
      String suffix = Names.suffix(layers.size(), false);
      directions.add(readDirection(node.object(FORWARD), suffix, below));
      if (node.has(BACKWARD)) {
        suffix = Names.suffix(layers.size(), true);
        directions.add(readDirection(node.object(BACKWARD), suffix, below));
      }
      node.end();
      layers.add(new SequenceLayer(directions));
      below = layers.getLast().outputs();
    }
    cell.end();
    return new SequenceStack(layers);
  }

  private CellLayer readDirection(JsonObject node, String suffix, int inputs) {
    String name = node.text("kind");
    Cell cell =
        Cell.named(name).orElseThrow(() -> node.fail("kind", "is the unknown " + quoted(name)));
    int units = node.count(HIDDEN, 1, CellLayer.MAX_SIZE);
    int outputs = cell == Cell.PROJECTED ? node.count(OUTPUTS, 1, units) : units;
    node.end();
    return CellTensors.readLayer(
        tensors, suffix, inputs, new CellTensors.Shape(cell, units, outputs));
  }

  private Feature.Category readView(JsonObject read) {
    String name = read.text("view");
    int dimensions = read.count("dimensions", 1, MAX_DIMENSIONS);
    var words = new Vocabulary(read.texts("vocabulary", Vocabulary.MAX_SIZE));
    float[] table = tensors.take(Names.embedding(name), words.size(), dimensions);
    return new Feature.Category(name, words, dimensions, table);
  }

  private Pooling readPooling(JsonObject node, int width) {
    String kind = node.text("kind");
    Pooling pooling =
        switch (kind) {
          case "additive" -> {
            int units = node.count(UNITS, 1, Pooling.MAX_UNITS);
            yield new Pooling.Additive(
                tensors.take(Names.ATTENTION_WEIGHT, units, width),
                tensors.take(Names.ATTENTION_BIAS, units),
                tensors.take(Names.ATTENTION_QUERY, units));
          }
          case "dot" -> new Pooling.Dot(tensors.take(Names.ATTENTION_QUERY, width));
          default -> plain(node, kind);
        };
    node.end();
    return pooling;
  }

  private static Pooling plain(JsonObject node, String kind) {
    for (Pooling.Plain plain : Pooling.Plain.values()) {
      if (plain.id().equals(kind)) {
        return plain;
      }
    }
    throw node.fail("kind", "is the unknown " + quoted(kind));
  }

  private Optional<Classes> readClasses(JsonObject document, String name, int width) {
    if (!document.has(name)) {
      return Optional.empty();
    }
    List<String> names = document.texts(name, Classes.MAX_NAMES);
    float[] weights = tensors.take(name + ".weight", names.size(), width);
    float[] bias = tensors.take(name + ".bias", names.size());
    return Optional.of(new Classes(names, new Linear(weights, bias, width)));
  }
}
