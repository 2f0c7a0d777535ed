package dev.sluice.artifact;

import static dev.sluice.artifact.ArtifactException.quoted;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.Bins;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import dev.sluice.model.Model;
import dev.sluice.score.Calibration;
import dev.sluice.text.Vocabulary;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A model put together from its document and its tensors; {@link DocumentWriter}'s inverse. */
final class DocumentReader {

  private static final int MAX_FEATURES = 1024;
  private static final int MAX_DIMENSIONS = 1024;
  private static final int MAX_VIEWS = Scaling.View.values().length;
  private static final int MAX_HEADS = (1 + MAX_VIEWS) * MAX_FEATURES;

  private final TensorTable tensors;

  private DocumentReader(TensorTable tensors) {
    this.tensors = tensors;
  }

  /**
   * Reads the model.
   *
   * @param document of which only {@code format} was read
   * @param tensors all of which the model must need
   * @throws ArtifactException if the two do not make a model
   * @throws IllegalArgumentException if a part of the model refuses to be made
   */
  static Model read(JsonObject document, TensorTable tensors) {
    Model model = new DocumentReader(tensors).readModel(document);
    document.end();
    tensors.end();
    return model;
  }

  private Model readModel(JsonObject document) {
    var features = new FeatureSpec(readFeatures(document));
    CellStack cell = readCell(document.object("cell"), features.width());
    return new Model(
        document.text("id"),
        document.count("version", 1, Integer.MAX_VALUE),
        features,
        cell,
        readHeads(document, features, cell.hidden()),
        readCalibration(document.object("calibration")),
        LineageDocument.read(document.object("lineage")));
  }

  private List<Feature> readFeatures(JsonObject document) {
    var features = new ArrayList<Feature>();
    for (JsonObject feature : document.objects("features", MAX_FEATURES)) {
      features.add(readFeature(feature));
      feature.end();
    }
    return features;
  }

  private Feature readFeature(JsonObject feature) {
    if (feature.has("number")) {
      return new Feature.Number(
          feature.text("number"), readScaling(feature), feature.flag("optional"));
    }
    if (feature.has("category")) {
      return readCategory(feature);
    }
    String text = feature.text("time");
    for (Feature.Kind kind : Feature.Kind.values()) {
      if (kind.text().equals(text)) {
        return new Feature.Time(kind);
      }
    }
    throw feature.fail("time", "is the unknown " + quoted(text));
  }

  private static Scaling readScaling(JsonObject feature) {
    if (!feature.isText("scale")) {
      JsonObject scale = feature.object("scale");
      var learned = new Scaling.Learned(scale.number("mean"), scale.number("deviation"));
      scale.end();
      return learned;
    }
    String text = feature.text("scale");
    if (!text.equals("key")) {
      throw feature.fail("scale", "is the unknown " + quoted(text));
    }
    var views = new ArrayList<Scaling.View>();
    if (feature.has("views")) {
      for (String view : feature.texts("views", MAX_VIEWS)) {
        views.add(readView(feature, view));
      }
    }
    return new Scaling.PerKey(views);
  }

  private static Scaling.View readView(JsonObject feature, String text) {
    for (Scaling.View view : Scaling.View.values()) {
      if (view.text().equals(text)) {
        return view;
      }
    }
    throw feature.fail("views", "has the unknown " + quoted(text));
  }

  private Feature.Category readCategory(JsonObject feature) {
    String name = feature.text("category");
    int dimensions = feature.count("dimensions", 1, MAX_DIMENSIONS);
    var vocabulary = new Vocabulary(feature.texts("vocabulary", Vocabulary.MAX_SIZE));
    float[] table = tensors.take(Names.embedding(name), vocabulary.size(), dimensions);
    return new Feature.Category(name, vocabulary, dimensions, table);
  }

  private CellStack readCell(JsonObject cell, int width) {
    int inputs = cell.count("inputs", width, width);
    List<Integer> hidden = cell.counts("hidden", CellLayer.MAX_SIZE, CellStack.MAX_LAYERS);
    List<Cell> kinds = readKinds(cell, hidden.size());
    List<Integer> outputs = hidden;
    if (kinds.contains(Cell.PROJECTED)) {
      outputs = cell.counts("outputs", CellLayer.MAX_SIZE, CellStack.MAX_LAYERS);
      requireOutputs(cell, kinds, hidden, outputs);
    }
    cell.end();
    var shapes = new ArrayList<CellTensors.Shape>();
    for (int l = 0; l < hidden.size(); l++) {
      shapes.add(new CellTensors.Shape(kinds.get(l), hidden.get(l), outputs.get(l)));
    }
    return CellTensors.read(tensors, inputs, shapes);
  }

  private static List<Cell> readKinds(JsonObject cell, int layers) {
    List<String> names =
        cell.isText("kind")
            ? Collections.nCopies(layers, cell.text("kind"))
            : cell.texts("kind", CellStack.MAX_LAYERS);
    if (names.size() != layers) {
      throw cell.fail("kind", "has " + names.size() + " entries for " + layers + " layers");
    }
    var kinds = new ArrayList<Cell>();
    for (String name : names) {
      Optional<Cell> kind = Cell.named(name);
      kinds.add(kind.orElseThrow(() -> cell.fail("kind", "is the unknown " + quoted(name))));
    }
    return kinds;
  }

  /** A projection may be narrower than its units, and nothing else may. */
  private static void requireOutputs(
      JsonObject cell, List<Cell> kinds, List<Integer> hidden, List<Integer> outputs) {
    boolean fit = outputs.size() == hidden.size();
    for (int l = 0; fit && l < hidden.size(); l++) {
      fit =
          kinds.get(l) == Cell.PROJECTED
              ? outputs.get(l) <= hidden.get(l)
              : outputs.get(l).equals(hidden.get(l));
    }
    if (!fit) {
      throw cell.fail("outputs", "is " + outputs + ", which does not fit units of " + hidden);
    }
  }

  private List<Head> readHeads(JsonObject document, FeatureSpec features, int hidden) {
    List<JsonObject> predictions =
        document.isList("predict")
            ? document.objects("predict", MAX_HEADS)
            : List.of(document.object("predict"));
    var heads = new ArrayList<Head>();
    for (JsonObject predict : predictions) {
      heads.add(readHead(predict, features, hidden, heads.size()));
      predict.end();
    }
    return heads;
  }

  private Head readHead(JsonObject predict, FeatureSpec features, int hidden, int index) {
    int view = predict.has("view") ? predict.count("view", 0, MAX_VIEWS) : 0;
    if (predict.has("value")) {
      Bins bins = readBins(predict.object("bins"));
      Linear linear = readLinear(index, bins.count(), hidden);
      return new BinHead(predict.text("value"), view, linear, bins);
    }
    if (predict.has("gaussian")) {
      return new GaussianHead(predict.text("gaussian"), view, readLinear(index, 2, hidden));
    }
    String field = predict.text("category");
    if (!(features.feature(field) instanceof Feature.Category category)) {
      throw predict.fail("category", "is " + quoted(field) + ", which is no category");
    }
    Vocabulary vocabulary = category.vocabulary();
    return new WordHead(field, readLinear(index, vocabulary.size(), hidden), vocabulary);
  }

  private static Bins readBins(JsonObject node) {
    var bins =
        new Bins(node.number("low"), node.number("high"), node.count("count", Bins.MIN, Bins.MAX));
    node.end();
    return bins;
  }

  private Linear readLinear(int index, int outputs, int hidden) {
    float[] weights = tensors.take(Names.headWeight(index), outputs, hidden);
    return new Linear(weights, tensors.take(Names.headBias(index), outputs), hidden);
  }

  private static Calibration readCalibration(JsonObject node) {
    // Calibration knows its own limits.
    var calibration =
        new Calibration(
            node.number("threshold"),
            node.count("warmUp", 0, Integer.MAX_VALUE),
            node.count("quiet", 0, Integer.MAX_VALUE));
    node.end();
    return calibration;
  }
}
