package dev.sluice.train;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.config.FeatureDecl;
import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.Scale;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.ModelDecl;
import dev.sluice.config.Topology;
import dev.sluice.feature.Feature;
import dev.sluice.feature.Scaling;
import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.WordHead;
import dev.sluice.model.Model;
import dev.sluice.river.Declared;
import java.util.List;
import java.util.stream.Collectors;

/** Whether training can go on from a model: whether it is what the topology asks for. */
final class Parent {

  private Parent() {}

  /**
   * Checks a model.
   *
   * @throws TrainingException naming the first thing that differs
   */
  static void check(Model model, Topology topology) {
    ModelDecl wanted = topology.model();
    require(model.id().equals(wanted.id()), "id", model.id(), wanted.id());
    List<Integer> units = model.cell().layers().stream().map(CellLayer::units).toList();
    List<Integer> asked = java.util.Collections.nCopies(wanted.layers(), wanted.hidden());
    require(units.equals(asked), "units of the layers", units, asked);
    List<Cell> cells = model.cell().layers().stream().map(CellLayer::cell).toList();
    require(cells.equals(wanted.layerCells()), "cells", ids(cells), ids(wanted.layerCells()));
    List<Feature> features = model.features().features();
    List<FeatureDecl> declared = topology.features();
    require(
        features.size() == declared.size(), "number of features", features.size(), declared.size());
    for (int i = 0; i < features.size(); i++) {
      String found = describe(features.get(i));
      String expected = describe(declared.get(i));
      require(found.equals(expected), "feature " + (i + 1), found, expected);
    }
    String found =
        model.heads().stream().map(Parent::describe).distinct().collect(Collectors.joining(", "));
    String expected = String.join(", ", wanted.predict().descriptions());
    require(found.equals(expected), "prediction", found, expected);
  }

  private static List<String> ids(List<Cell> cells) {
    return cells.stream().map(Cell::id).toList();
  }

  private static void require(boolean holds, String what, Object found, Object wanted) {
    if (!holds) {
      throw new TrainingException(
          "Training cannot go on from this model: its "
              + what
              + " is "
              + found
              + ", the topology wants "
              + wanted
              + ". Train anew, without --from");
    }
  }

  private static String describe(Feature feature) {
    return switch (feature) {
      case Feature.Number(String name, Scaling scaling, boolean optional) ->
          switch (scaling) {
            case Scaling.Learned _ -> number(name, "model", List.of(), optional);
            case Scaling.PerKey(var more) ->
                number(name, "key", more.stream().map(Scaling.View::text).toList(), optional);
          };
      case Feature.Category category -> category(category.name(), category.dimensions());
      case Feature.Time time -> time.name();
    };
  }

  private static String describe(FeatureDecl declared) {
    return switch (declared) {
      case NumberDecl number when number.scale() == Scale.KEY ->
          describe(new Feature.Number(number.field(), Declared.perKey(number), number.optional()));
      case NumberDecl number -> number(number.field(), "model", List.of(), number.optional());
      case CategoryDecl(String name, int dimensions) -> category(name, dimensions);
      case TokensDecl tokens -> category(tokens.field(), tokens.dimensions());
      case TimeDecl time -> new Feature.Time(Declared.kind(time.kind())).name();
    };
  }

  private static String number(String name, String scale, List<String> views, boolean optional) {
    return "number "
        + name
        + " (scale: "
        + scale
        + (views.isEmpty() ? "" : ", views: " + views)
        + (optional ? ", optional)" : ")");
  }

  private static String category(String name, int dimensions) {
    return "category " + name + " (" + dimensions + " dimensions)";
  }

  private static String describe(Head head) {
    return switch (head) {
      case BinHead bins -> "value " + bins.field() + " in " + bins.bins().count() + " bins";
      case GaussianHead gaussian -> "gaussian " + gaussian.field();
      case WordHead words -> "category " + words.field();
    };
  }
}
