package dev.sluice.app;

import dev.sluice.cell.CellStack;
import dev.sluice.config.FeatureDecl;
import dev.sluice.config.FeatureDecl.CategoryDecl;
import dev.sluice.config.FeatureDecl.NumberDecl;
import dev.sluice.config.FeatureDecl.TimeDecl;
import dev.sluice.config.FeatureDecl.TokensDecl;
import dev.sluice.config.Prediction;
import dev.sluice.config.Topology;
import dev.sluice.config.TopologyFile;
import dev.sluice.exchange.ForeignLayers;
import dev.sluice.feature.Feature;
import dev.sluice.feature.FeatureSpec;
import dev.sluice.feature.Scaling;
import dev.sluice.head.GaussianHead;
import dev.sluice.head.Linear;
import dev.sluice.model.Lineage;
import dev.sluice.model.Model;
import dev.sluice.river.Declared;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice models import}: a model that was trained elsewhere. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Writes an artifact from the state dict of a PyTorch model: LSTM (also projected) or GRU, and"
          + " a Linear on top that predicts the value of `gaussian: FIELD`. The file is"
          + " .safetensors, or what torch.save(model.state_dict(), FILE) writes; nothing in it is"
          + " executed.",
      "Or from an ONNX graph, FILE.onnx, of LSTM or GRU operators and a Gemm or MatMul on top.",
      "The features of the topology are the inputs of the model, in their order."
    })
final class ModelsImportCommand implements Callable<Integer> {

  private static final int GAUSSIAN = 2;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "TOPOLOGY", description = "The topology file.")
  private Path topology = Path.of("");

  @Parameters(index = "1", paramLabel = "FILE", description = "The state dict or graph.")
  private Path file = Path.of("");

  @Option(
      names = "--rnn",
      paramLabel = "NAME",
      description = "The recurrent module, such as encoder.rnn; the only one, if not given.")
  private Optional<String> rnn = Optional.empty();

  @Option(
      names = "--head",
      paramLabel = "NAME",
      description =
          "The linear module, or of a graph the name of its output; the only one, if not"
              + " given.")
  private Optional<String> head = Optional.empty();

  @Option(
      names = "--scale",
      paramLabel = "FIELD=MEAN,DEVIATION",
      description =
          "How a number was scaled for the model: (value - MEAN) / DEVIATION. Needed for each"
              + " number with scale: model.")
  private Map<String, String> scales = new LinkedHashMap<>();

  @Option(
      names = "--error",
      paramLabel = "DEVIATION",
      description =
          "Standard deviation of the model's errors, in scaled units: what makes of a Linear with"
              + " one output a distribution.")
  private Optional<Double> error = Optional.empty();

  @Option(
      names = "--model-version",
      paramLabel = "N",
      description = "Version of the artifact (${DEFAULT-VALUE}).")
  private int version = 1;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "ARTIFACT",
      description = "Write the artifact there.")
  private Path output = Path.of("");

  @Override
  public Integer call() throws IOException {
    Topology declared = TopologyFile.read(topology);
    FeatureSpec features = features(declared);
    ForeignLayers layers = ForeignLayers.read(file);
    CellStack stack = layers.stack(rnn);
    if (stack.inputs() != features.width()) {
      throw new Complaint(
          file
              + ": the model takes "
              + stack.inputs()
              + " inputs, the features of "
              + topology
              + " are "
              + features.width()
              + ". Declare the features that the model was trained with, in their order");
    }
    Linear linear = distribution(layers.linear(head, stack.hidden()));
    Model model = model(declared, features, stack, new GaussianHead(predicted(declared), linear));
    PrintWriter out = spec.commandLine().getOut();
    String written = ModelFiles.write(ModelFiles.fitting(model, declared, file.toString()), output);
    out.println(
        "Imported "
            + stack.layers().stream().map(layer -> layer.cell().id() + " " + layer.units()).toList()
            + " to "
            + written);
    out.flush();
    return 0;
  }

  private Model model(
      Topology declared, FeatureSpec features, CellStack stack, GaussianHead predicts) {
    String source = file.getFileName().toString();
    var lineage = new Lineage(source, 0, 0, 0, Main.VERSION, Map.of());
    return new Model(
        declared.modelId(),
        version,
        features,
        stack,
        List.of(predicts),
        Declared.calibration(declared.score()),
        lineage);
  }

  private String predicted(Topology declared) {
    Prediction predict = declared.model().predict();
    if (predict instanceof Prediction.GaussianOfValue(var fields) && fields.size() == 1) {
      String field = fields.getFirst();
      boolean hasViews =
          declared.features().stream()
              .anyMatch(
                  feature ->
                      feature instanceof NumberDecl number
                          && number.field().equals(field)
                          && !number.views().isEmpty());
      if (!hasViews) {
        return field;
      }
    }
    throw new Complaint(
        topology
            + ": model.predict: an imported model predicts one value in one view. Write {gaussian:"
            + " FIELD}, and no views of it");
  }

  /** Gives a Linear of one output a second one that is always the error's logarithm. */
  private Linear distribution(Linear linear) {
    if (linear.outputs() == GAUSSIAN && error.isEmpty()) {
      return linear;
    }
    if (linear.outputs() != 1) {
      throw new Complaint(
          file
              + ": the Linear has "
              + linear.outputs()
              + " outputs. Import one with 1, the value, and --error; or with 2, the value and the"
              + " logarithm of its deviation");
    }
    double deviation =
        error.orElseThrow(
            () ->
                new Complaint(
                    file
                        + ": the Linear has one output, the value. Say with --error how far off it"
                        + " usually is, in scaled units: the root of the mean square error"));
    if (!(deviation > 0 && deviation < Double.MAX_VALUE)) {
      throw new Complaint("--error: " + deviation + " is no deviation. Give a number above 0");
    }
    int inputs = linear.inputs();
    float[] weights = java.util.Arrays.copyOf(linear.weights(), GAUSSIAN * inputs);
    float[] bias = {linear.bias()[0], (float) StrictMath.log(deviation)};
    return new Linear(weights, bias, inputs);
  }

  private FeatureSpec features(Topology declared) {
    List<Feature> features = new ArrayList<>();
    var unused = new LinkedHashMap<>(scales);
    for (FeatureDecl feature : declared.features()) {
      features.add(
          switch (feature) {
            case NumberDecl number -> number(number, unused);
            case TimeDecl time -> new Feature.Time(Declared.kind(time.kind()));
            case CategoryDecl _, TokensDecl _ ->
                throw new Complaint(
                    topology
                        + ": "
                        + feature.name()
                        + ": embeddings cannot be imported yet. Give the model numbers");
          });
    }
    if (!unused.isEmpty()) {
      throw new Complaint(
          "--scale: no number with scale: model is called "
              + String.join(", ", unused.keySet())
              + ". Name those of "
              + topology);
    }
    return new FeatureSpec(features);
  }

  private Feature number(NumberDecl number, Map<String, String> unused) {
    Scaling scaling =
        switch (number.scale()) {
          case KEY -> Declared.perKey(number);
          case MODEL -> scale(number.field(), unused.remove(number.field()));
        };
    return new Feature.Number(number.field(), scaling, number.optional());
  }

  private static Scaling scale(String field, @Nullable String said) {
    String hint = " Write --scale " + field + "=MEAN,DEVIATION; 0,1 if the model takes it as it is";
    if (said == null) {
      throw new Complaint("--scale: how " + field + " was scaled is not said." + hint);
    }
    String[] parts = said.split(",", -1);
    try {
      if (parts.length == 2) {
        return new Scaling.Learned(Double.parseDouble(parts[0]), Double.parseDouble(parts[1]));
      }
    } catch (IllegalArgumentException e) { // No numbers, or no scale.
      throw new Complaint("--scale: " + field + "=" + said + " makes no scale." + hint);
    }
    throw new Complaint("--scale: " + field + "=" + said + " makes no scale." + hint);
  }
}
