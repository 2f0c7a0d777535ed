package dev.sluice.artifact;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/**
 * Everything a model says besides its weights, as JSON. Features and prediction are worded as in a
 * topology file; {@link DocumentReader} reads them back.
 */
final class DocumentWriter {

  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator json;

  private DocumentWriter(JsonGenerator json) {
    this.json = json;
  }

  /** Returns the document of {@code model}: the same text for the same model. */
  static String write(Model model) {
    var text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      new DocumentWriter(json).writeModel(model);
    } catch (IOException e) {
      throw new AssertionError("writing to memory cannot fail", e);
    }
    return text.toString();
  }

  private void writeModel(Model model) throws IOException {
    json.writeStartObject();
    json.writeNumberField("format", ArtifactWriter.format(model));
    json.writeStringField("id", model.id());
    json.writeNumberField("version", model.version());
    json.writeObjectFieldStart("cell");
    writeCell(model.cell());
    json.writeEndObject();
    json.writeArrayFieldStart("features");
    for (Feature feature : model.features().features()) {
      writeFeature(feature);
    }
    json.writeEndArray();
    writePredictions(model.heads());
    writeCalibration(model.calibration());
    LineageDocument.write(json, model.lineage());
    json.writeEndObject();
  }

  /**
   * Writes one kind for all layers when they agree, so that plain stacks look as they always did.
   */
  private void writeCell(CellStack stack) throws IOException {
    List<Cell> kinds = stack.layers().stream().map(CellLayer::cell).distinct().toList();
    if (kinds.size() == 1) {
      json.writeStringField("kind", kinds.getFirst().id());
    } else {
      json.writeArrayFieldStart("kind");
      for (CellLayer layer : stack.layers()) {
        json.writeString(layer.cell().id());
      }
      json.writeEndArray();
    }
    json.writeNumberField("inputs", stack.inputs());
    json.writeArrayFieldStart("hidden");
    for (CellLayer layer : stack.layers()) {
      json.writeNumber(layer.units());
    }
    json.writeEndArray();
    if (kinds.contains(Cell.PROJECTED)) {
      json.writeArrayFieldStart("outputs");
      for (CellLayer layer : stack.layers()) {
        json.writeNumber(layer.hidden());
      }
      json.writeEndArray();
    }
  }

  private void writeFeature(Feature feature) throws IOException {
    json.writeStartObject();
    switch (feature) {
      case Feature.Number(var name, var scaling, var optional) -> {
        json.writeStringField("number", name);
        writeScaling(scaling);
        json.writeBooleanField("optional", optional);
      }
      case Feature.Category(var name, var vocabulary, var dimensions, var _) -> {
        json.writeStringField("category", name);
        json.writeNumberField("dimensions", dimensions);
        json.writeArrayFieldStart("vocabulary");
        for (String word : vocabulary.words()) {
          json.writeString(word);
        }
        json.writeEndArray();
      }
      case Feature.Time(var kind) -> json.writeStringField("time", kind.text());
    }
    json.writeEndObject();
  }

  private void writeScaling(Scaling scaling) throws IOException {
    switch (scaling) {
      case Scaling.Learned(double mean, double deviation) -> {
        json.writeObjectFieldStart("scale");
        json.writeNumberField("mean", mean);
        json.writeNumberField("deviation", deviation);
        json.writeEndObject();
      }
      case Scaling.PerKey(var more) -> {
        json.writeStringField("scale", "key");
        if (!more.isEmpty()) {
          json.writeArrayFieldStart("views");
          for (Scaling.View view : more) {
            json.writeString(view.text());
          }
          json.writeEndArray();
        }
      }
    }
  }

  /** One as an object, as the first formats have it; several as a list. */
  private void writePredictions(List<Head> heads) throws IOException {
    json.writeFieldName("predict");
    if (heads.size() == 1) {
      writePrediction(heads.getFirst());
    } else {
      json.writeStartArray();
      for (Head head : heads) {
        writePrediction(head);
      }
      json.writeEndArray();
    }
  }

  private void writePrediction(Head head) throws IOException {
    json.writeStartObject();
    if (head.view() > 0) {
      json.writeNumberField("view", head.view());
    }
    switch (head) {
      case BinHead binned -> {
        Bins bins = binned.bins();
        json.writeStringField("value", head.field());
        json.writeObjectFieldStart("bins");
        json.writeNumberField("low", bins.low());
        json.writeNumberField("high", bins.high());
        json.writeNumberField("count", bins.count());
        json.writeEndObject();
      }
      case GaussianHead _ -> json.writeStringField("gaussian", head.field());
      // Its vocabulary is that of the feature of the same name.
      case WordHead _ -> json.writeStringField("category", head.field());
    }
    json.writeEndObject();
  }

  private void writeCalibration(Calibration calibration) throws IOException {
    json.writeObjectFieldStart("calibration");
    json.writeNumberField("threshold", calibration.threshold());
    json.writeNumberField("warmUp", calibration.warmUp());
    json.writeNumberField("quiet", calibration.quiet());
    json.writeEndObject();
  }
}
