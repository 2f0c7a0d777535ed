package dev.sluice.model;

import dev.sluice.cell.Cell;
import dev.sluice.cell.CellLayer;
import dev.sluice.cell.CellStack;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.head.BinHead;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Head;
import dev.sluice.head.Linear;
import dev.sluice.head.WordHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Several small networks as one: their units side by side, their logits averaged.
 *
 * <p>N networks of H units that do not hear each other are one network of N·H units whose weights
 * between units of different members are zero. A head that reads all of them with each member's
 * weights divided by N gives the mean of the members' logits: probabilities that are the members'
 * geometric mean, which is Hinton's product of experts with equal weights (Neural Computation 14,
 * 2002). So an ensemble is a model like any other: one row a key, one step an event, one artifact.
 */
public final class Ensemble {

  /** The metric that says of how many members a model is. */
  public static final String MEMBERS = "members";

  private final List<Model> members;
  private final Model first;

  private Ensemble(List<Model> members) {
    this.members = List.copyOf(members);
    this.first = members.getFirst();
  }

  /**
   * Combines models that read and predict the same: of one topology and one history, trained with
   * different seeds. The result has the version, the calibration and the profile of the first.
   *
   * @param members at least two, with equally many layers; their units may differ
   * @throws IllegalArgumentException saying which member does not fit the first, and in what
   */
  public static Model of(List<Model> members) {
    if (members.size() < 2) {
      throw new IllegalArgumentException("an ensemble has at least two members");
    }
    if (!members.stream().allMatch(Ensemble::isPlain)) {
      throw new IllegalArgumentException("an ensemble is made of lstm cells alone");
    }
    return new Ensemble(members).combine();
  }

  private Model combine() {
    for (int m = 1; m < members.size(); m++) {
      String misfit = misfit(members.get(m));
      if (!misfit.isEmpty()) {
        throw new IllegalArgumentException("member " + (m + 1) + " has other " + misfit);
      }
    }
    // What else was measured is of one member, not of what they say together.
    Map<String, Double> metrics = Map.of(MEMBERS, (double) members.size());
    Lineage of = first.lineage();
    return new Model(
        first.id(),
        first.version(),
        features(),
        cell(),
        heads(),
        first.calibration(),
        new Lineage(
            of.source(),
            of.events(),
            of.seed(),
            of.parentVersion(),
            of.code(),
            metrics,
            of.profile()));
  }

  private static boolean isPlain(Model member) {
    return member.cell().layers().stream().allMatch(layer -> layer.cell() == Cell.LSTM);
  }

  private String misfit(Model member) {
    if (!member.id().equals(first.id())) {
      return "model id: " + member.id() + " where the first has " + first.id();
    }
    if (member.cell().layers().size() != first.cell().layers().size()) {
      return "number of layers";
    }
    List<Feature> features = member.features().features();
    if (features.size() != first.features().features().size()) {
      return "number of features";
    }
    for (int f = 0; f < features.size(); f++) {
      if (!isAlike(features.get(f), first.features().features().get(f))) {
        return "scaling or vocabulary of feature " + features.get(f).name();
      }
    }
    if (member.heads().size() != first.heads().size()) {
      return "number of heads";
    }
    for (int h = 0; h < member.heads().size(); h++) {
      if (!isAlike(member.heads().get(h), first.heads().get(h))) {
        return "head for " + member.heads().get(h).field();
      }
    }
    return "";
  }

  private static boolean isAlike(Feature one, Feature other) {
    return switch (one) {
      case Feature.Category mine ->
          other instanceof Feature.Category its
              && mine.name().equals(its.name())
              && mine.vocabulary().equals(its.vocabulary());
      default -> one.equals(other);
    };
  }

  private static boolean isAlike(Head one, Head other) {
    boolean isOfSameKind =
        switch (one) {
          case BinHead mine -> other instanceof BinHead its && mine.bins().equals(its.bins());
          case GaussianHead _ -> other instanceof GaussianHead;
          case WordHead mine ->
              other instanceof WordHead its && mine.vocabulary().equals(its.vocabulary());
        };
    return isOfSameKind && one.field().equals(other.field()) && one.view() == other.view();
  }

  /** Numbers and times are shared; of a word each member has a vector of its own. */
  private FeatureSpec features() {
    List<Feature> features = new ArrayList<>();
    for (int f = 0; f < first.features().features().size(); f++) {
      Feature feature = first.features().features().get(f);
      features.add(feature instanceof Feature.Category words ? words(f, words) : feature);
    }
    return new FeatureSpec(features);
  }

  private Feature.Category words(int f, Feature.Category words) {
    int dimensions = members.stream().mapToInt(member -> width(member, f)).sum();
    float[] table = new float[words.vocabulary().size() * dimensions];
    int column = 0;
    for (Model member : members) {
      var own = (Feature.Category) member.features().features().get(f);
      copy(own.table(), own.dimensions(), table, dimensions, column);
      column += own.dimensions();
    }
    return new Feature.Category(words.name(), words.vocabulary(), dimensions, table);
  }

  private static int width(Model member, int f) {
    return member.features().features().get(f).width();
  }

  /** Copies a matrix into columns of another one with as many rows. */
  private static void copy(float[] from, int width, float[] to, int toWidth, int column) {
    for (int row = 0; row < from.length / width; row++) {
      System.arraycopy(from, row * width, to, row * toWidth + column, width);
    }
  }

  private CellStack cell() {
    List<CellLayer> layers = new ArrayList<>();
    for (int l = 0; l < first.cell().layers().size(); l++) {
      layers.add(layer(l));
    }
    return new CellStack(layers);
  }

  private CellLayer layer(int l) {
    int hidden = units(l);
    int inputs = l == 0 ? features().width() : units(l - 1);
    float[] inputWeights = new float[CellLayer.LSTM_GATES * hidden * inputs];
    float[] hiddenWeights = new float[CellLayer.LSTM_GATES * hidden * hidden];
    float[] bias = new float[CellLayer.LSTM_GATES * hidden];
    int unit = 0;
    int below = 0;
    for (int m = 0; m < members.size(); m++) {
      CellLayer own = members.get(m).cell().layers().get(l);
      float[] spread =
          l == 0
              ? firstInputs(m, own, inputs)
              : widened(own.inputWeights(), own.inputs(), inputs, below);
      float[] across = widened(own.hiddenWeights(), own.hidden(), hidden, unit);
      for (int gate = 0; gate < CellLayer.LSTM_GATES; gate++) {
        int from = gate * own.hidden();
        int to = gate * hidden + unit;
        System.arraycopy(spread, from * inputs, inputWeights, to * inputs, own.hidden() * inputs);
        System.arraycopy(across, from * hidden, hiddenWeights, to * hidden, own.hidden() * hidden);
        System.arraycopy(own.bias(), from, bias, to, own.hidden());
      }
      unit += own.hidden();
      below += own.inputs();
    }
    return CellLayer.lstm(inputs, hidden, inputWeights, hiddenWeights, bias);
  }

  private int units(int l) {
    return members.stream().mapToInt(member -> member.cell().layers().get(l).hidden()).sum();
  }

  /** Returns a matrix with its columns among zeros, from {@code column} on. */
  private static float[] widened(float[] matrix, int width, int toWidth, int column) {
    float[] wide = new float[matrix.length / width * toWidth];
    copy(matrix, width, wide, toWidth, column);
    return wide;
  }

  /** A member reads what is shared, and its own vectors of words. */
  private float[] firstInputs(int m, CellLayer own, int inputs) {
    float[] wide = new float[CellLayer.LSTM_GATES * own.hidden() * inputs];
    int from = 0;
    int column = 0;
    for (int f = 0; f < first.features().features().size(); f++) {
      int width = width(members.get(m), f);
      int all = width;
      int before = 0;
      if (first.features().features().get(f) instanceof Feature.Category) {
        int feature = f;
        before = members.subList(0, m).stream().mapToInt(member -> width(member, feature)).sum();
        all = members.stream().mapToInt(member -> width(member, feature)).sum();
      }
      for (int row = 0; row < CellLayer.LSTM_GATES * own.hidden(); row++) {
        int at = row * inputs + column + before;
        System.arraycopy(own.inputWeights(), row * own.inputs() + from, wide, at, width);
      }
      from += width;
      column += all;
    }
    return wide;
  }

  private List<Head> heads() {
    List<Head> heads = new ArrayList<>();
    for (int h = 0; h < first.heads().size(); h++) {
      Linear linear = linear(h);
      heads.add(
          switch (first.heads().get(h)) {
            case BinHead bins -> new BinHead(bins.field(), bins.view(), linear, bins.bins());
            case GaussianHead value -> new GaussianHead(value.field(), value.view(), linear);
            case WordHead words -> new WordHead(words.field(), linear, words.vocabulary());
          });
    }
    return heads;
  }

  private Linear linear(int h) {
    int outputs = first.heads().get(h).linear().outputs();
    int inputs = units(first.cell().layers().size() - 1);
    float[] weights = new float[outputs * inputs];
    float[] bias = new float[outputs];
    int column = 0;
    for (Model member : members) {
      Linear own = member.heads().get(h).linear();
      copy(own.weights(), own.inputs(), weights, inputs, column);
      for (int o = 0; o < outputs; o++) {
        bias[o] += own.bias()[o] / members.size();
      }
      column += own.inputs();
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] /= members.size();
    }
    return new Linear(weights, bias, inputs);
  }
}
