package dev.sluice.config;

import dev.sluice.config.Node.Entry;
import dev.sluice.config.Node.Listing;
import dev.sluice.config.Node.Mapping;
import dev.sluice.config.Node.Scalar;
import dev.sluice.config.Node.Style;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One mapping of the file while it is read. Each method asks for one key and answers with its value
 * or the fallback; what is there but of the wrong type is reported, and answered with the fallback
 * too, so that reading goes on. A key never asked for is unknown: {@link #finish} says so.
 */
final class Section {

  private final Report report;
  private final String path;
  private final Mapping mapping;
  private final Set<String> asked = new LinkedHashSet<>();
  private boolean sound = true;
  private boolean standsIn; // For something that is no mapping, which is already reported.

  /**
   * Starts to read a mapping.
   *
   * @param path its path in the file; empty for the file itself
   */
  Section(Report report, String path, Mapping mapping) {
    this.report = report;
    this.path = path;
    this.mapping = mapping;
    report.remember(path, mapping);
  }

  String path() {
    return path;
  }

  /** Whether every answer was what the file says, or rightly a fallback. */
  boolean isSound() {
    return sound;
  }

  /** Says that something below this section is wrong, and reported. */
  void spoil() {
    sound = false;
  }

  String text(String key, String fallback) {
    return value(key, Reading.TEXT).orElse(fallback);
  }

  /** Whether the file has it; asks for nothing. */
  boolean has(String key) {
    return mapping.entries().containsKey(key);
  }

  Optional<String> textIfAny(String key) {
    return value(key, Reading.TEXT);
  }

  /** A text that must be there: {@code remedy} says what to write, the placeholder is harmless. */
  String requiredText(String key, String remedy, String placeholder) {
    if (find(key).isEmpty()) {
      missing(key, remedy);
    }
    return text(key, placeholder);
  }

  int whole(String key, int fallback) {
    return Math.clamp(wholeLong(key, fallback), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  long wholeLong(String key, long fallback) {
    return value(key, Reading.WHOLE).orElse(fallback);
  }

  /** A whole number that may be absent. */
  Optional<Integer> wholeIfAny(String key) {
    return value(key, Reading.WHOLE)
        .map(number -> Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  double number(String key, double fallback) {
    return value(key, Reading.NUMBER).orElse(fallback);
  }

  boolean flag(String key, boolean fallback) {
    return value(key, Reading.FLAG).orElse(fallback);
  }

  Duration duration(String key, Duration fallback) {
    return value(key, Reading.DURATION).orElse(fallback);
  }

  /** A duration that may be absent. */
  Optional<Duration> duration(String key) {
    return value(key, Reading.DURATION);
  }

  /** A size in bytes that may be absent. */
  Optional<Long> size(String key) {
    return value(key, Reading.SIZE);
  }

  <E extends Enum<E>> E choice(String key, E fallback) {
    return value(key, Reading.choice(fallback)).orElse(fallback);
  }

  /**
   * The choices of a list that may be absent, but not be empty.
   *
   * @param one any value of the enum
   */
  <E extends Enum<E>> List<E> choices(String key, E one) {
    return list(key, Reading.choice(one)).orElse(List.of());
  }

  /** Every key with its value as text, none of which a message ever shows. */
  Map<String, String> texts() {
    var texts = new LinkedHashMap<String, String>();
    for (String key : mapping.entries().keySet()) {
      value(key, Reading.ANY).ifPresent(text -> texts.put(key, text));
    }
    return texts;
  }

  /** A mapping below this one; an empty one if there is none. */
  Section section(String key) {
    String at = pathOf(key);
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return new Section(report, at, new Mapping(mapping.place(), Map.of()));
    }
    return below(at, node.get());
  }

  /** The mappings of a list that may be absent; none then. */
  List<Section> sections(String key) {
    return find(key).isEmpty() ? List.of() : sections(key, "").orElse(List.of());
  }

  /** The mappings of a list that must be there: {@code remedy} says what to write. */
  Optional<List<Section>> sections(String key, String remedy) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      missing(key, remedy);
      return Optional.empty();
    }
    Optional<Listing> list = listing(key, node.get());
    if (list.isEmpty()) {
      return Optional.empty();
    }
    var sections = new ArrayList<Section>();
    for (int i = 0; i < list.get().items().size(); i++) {
      sections.add(below(pathOf(key) + "[" + i + "]", list.get().items().get(i)));
    }
    return Optional.of(sections);
  }

  /**
   * The texts of a list that may be absent, but not be empty.
   *
   * @param placeholder stands, alone, for a list that is wrong
   */
  List<String> texts(String key, String placeholder) {
    return list(key, Reading.TEXT).orElse(List.of(placeholder));
  }

  /** The values of a list, none where it is absent; empty where it is wrong. */
  private <T> Optional<List<T>> list(String key, Reading<T> reading) {
    Optional<Node> node = find(key);
    if (node.isEmpty()) {
      return Optional.of(List.of());
    }
    List<Node> items = listing(key, node.get()).map(Listing::items).orElse(List.of());
    if (items.isEmpty() && node.get() instanceof Listing) {
      String remedy = "Write at least one entry, or remove the key";
      fail(node.get().place(), pathOf(key), "", "nothing is listed", remedy);
    }
    var values = new ArrayList<T>();
    for (int i = 0; i < items.size(); i++) {
      String at = pathOf(key) + "[" + i + "]";
      report.remember(at, items.get(i));
      value(at, items.get(i), reading).ifPresent(values::add);
    }
    boolean sound = !values.isEmpty() && values.size() == items.size();
    return sound ? Optional.of(values) : Optional.empty();
  }

  /** One text, or the texts of a list that is not empty, as {@link #texts} reads it. */
  List<String> oneOrMore(String key, String placeholder) {
    boolean listed = find(key).filter(Listing.class::isInstance).isPresent();
    return listed ? texts(key, placeholder) : List.of(text(key, placeholder));
  }

  /** The one key of {@code kinds} that is there; the likeliest if none or several are. */
  String oneOf(List<String> kinds) {
    List<String> present = kinds.stream().filter(mapping.entries()::containsKey).toList();
    mapping
        .entries()
        .forEach(
            (key, entry) -> {
              if (present.contains(key) && !key.equals(present.getFirst())) {
                asked.add(key);
                String complaint = "this cannot stand beside " + present.getFirst();
                fail(entry.place(), pathOf(key), "", complaint, "Keep one of the two");
              }
            });
    if (!present.isEmpty()) {
      return present.getFirst();
    }
    for (String key : mapping.entries().keySet()) {
      Optional<String> meant = Spelling.nearest(key, kinds);
      if (meant.isPresent()) {
        sound = false; // To be reported as an unknown key.
        return meant.get();
      }
    }
    if (!standsIn) {
      fail(mapping.place(), path, "", "nothing is chosen", "Write one of " + words(kinds));
    }
    return kinds.getFirst();
  }

  /** Reports the keys that nobody asked for. */
  void finish() {
    for (Map.Entry<String, Entry> entry : mapping.entries().entrySet()) {
      String key = entry.getKey();
      if (!asked.contains(key)) {
        String remedy =
            Spelling.nearest(key, asked)
                .map(near -> "Did you mean " + near + "?")
                .orElseGet(() -> "Known here: " + words(asked));
        report.add(entry.getValue().place(), pathOf(key), "", "there is no such key", remedy);
      }
    }
  }

  private <T> Optional<T> value(String key, Reading<T> reading) {
    Optional<Node> node = find(key);
    return node.isEmpty() ? Optional.empty() : value(pathOf(key), node.get(), reading);
  }

  private <T> Optional<T> value(String at, Node node, Reading<T> reading) {
    Optional<T> value = Optional.empty();
    if (!(node instanceof Scalar scalar)) {
      wrong(at, node, "is not a single value", "Write one value on this line");
    } else if (usable(at, scalar)) {
      value = reading.parse().apply(scalar);
      if (value.isEmpty()) {
        wrong(at, scalar, reading.complaint(), reading.remedy());
      }
    }
    return value;
  }

  /** Reports what is no list; not a single value itself, for some lists hold what is secret. */
  private Optional<Listing> listing(String key, Node node) {
    if (node instanceof Listing list) {
      return Optional.of(list);
    }
    String remedy = "Start each entry with a hyphen";
    if (!(node instanceof Scalar scalar)) {
      wrong(pathOf(key), node, "is not a list", remedy);
    } else if (usable(pathOf(key), scalar)) {
      fail(node.place(), pathOf(key), "", "this is not a list", remedy);
    }
    return Optional.empty();
  }

  private Section below(String at, Node node) {
    if (node instanceof Mapping found) {
      return new Section(report, at, found);
    }
    report.remember(at, node);
    var section = new Section(report, at, new Mapping(node.place(), Map.of()));
    section.sound = false;
    section.standsIn = true;
    if (!(node instanceof Scalar scalar) || usable(at, scalar)) {
      wrong(at, node, "is not a section", "Write its keys and values below it, indented");
    }
    return section;
  }

  /** Reports a value that is not there, and is silent about one that is already reported. */
  private boolean usable(String at, Scalar scalar) {
    if (scalar.style() == Style.BROKEN) {
      sound = false;
      return false;
    }
    if (scalar.isNothing()) {
      fail(scalar.place(), at, "", "nothing is written here", "Write a value, or remove the key");
      return false;
    }
    return true;
  }

  private Optional<Node> find(String key) {
    asked.add(key);
    Entry entry = mapping.entries().get(key);
    if (entry == null) {
      return Optional.empty();
    }
    report.remember(pathOf(key), entry.value());
    return Optional.of(entry.value());
  }

  private void missing(String key, String remedy) {
    sound = false;
    if (!standsIn) {
      fail(mapping.place(), pathOf(key), "", "nothing is given", remedy);
    }
  }

  private void wrong(String at, Node node, String complaint, String remedy) {
    fail(node.place(), at, node.shown(), complaint, remedy);
  }

  private void fail(Place place, String at, String found, String complaint, String remedy) {
    sound = false;
    report.add(place, at, found, complaint, remedy);
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String words(Iterable<String> words) {
    return String.join(", ", words);
  }
}
