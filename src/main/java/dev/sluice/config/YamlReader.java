package dev.sluice.config;

import dev.sluice.config.Node.Entry;
import dev.sluice.config.Node.Listing;
import dev.sluice.config.Node.Mapping;
import dev.sluice.config.Node.Scalar;
import dev.sluice.config.Node.Style;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * From text to nodes. Of YAML it takes one document of mappings, lists and single values; anchors,
 * aliases and tags, which a topology has no use for and which have harmed other programs, are
 * refused. What stops it from reading on is thrown at once; the rest is reported.
 */
final class YamlReader {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NODES = 20_000;
  private static final int MAX_KEY = 256; // Characters.
  private static final String START = "Start with name:, input: and model:";
  private static final String SYNTAX = "Check indentation, colons and quotes here";

  private final String file;
  private final Environment environment;
  private final Report report;
  private final Deque<String> path = new ArrayDeque<>();
  private final ParserImpl events;
  private int nodes;

  private YamlReader(StreamReader text, String file, Environment environment, Report report) {
    this.file = file;
    this.environment = environment;
    this.report = report;
    this.events = new ParserImpl(text, new LoaderOptions());
  }

  /**
   * Reads a document.
   *
   * @param file its name in messages
   * @throws TopologyException if the text is not such a document
   */
  static Mapping read(String text, String file, Environment environment, Report report) {
    var reader = new StreamReader(text);
    try {
      return new YamlReader(reader, file, environment, report).document();
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? reader.getMark() : e.getProblemMark();
      throw fatal(report, place(file, mark), "this is not YAML: " + e.getProblem());
    } catch (ReaderException e) {
      String character = "the character U+" + Integer.toHexString(e.getCodePoint());
      throw fatal(report, place(file, text, e.getPosition()), character + " is not allowed here");
    } catch (YAMLException | IllegalArgumentException e) {
      // SnakeYAML 2.5 lets a NumberFormatException out where the text ends in an escape.
      throw fatal(report, place(file, reader.getMark()), "this is not YAML: a malformed escape");
    }
  }

  private static TopologyException fatal(Report report, Place place, String complaint) {
    report.add(place, "", "", complaint, SYNTAX);
    return report.exception();
  }

  /** Line and column of a code point. */
  private static Place place(String file, String text, int position) {
    int end = text.offsetByCodePoints(0, Math.min(position, text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int lineStart = before.lastIndexOf('\n') + 1;
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Place(file, line, before.codePointCount(lineStart, end) + 1);
  }

  private Mapping document() {
    events.getEvent(); // The stream starts.
    if (events.checkEvent(Event.ID.StreamEnd)) {
      throw stop(new Place(file, 1, 1), "the file is empty", START);
    }
    events.getEvent(); // The document starts.
    Event first = events.getEvent();
    Node root = node(first, 0);
    if (!(root instanceof Mapping mapping)) {
      report.add(place(first), "", root.shown(), "is not a topology", START);
      throw report.exception();
    }
    events.getEvent(); // The document ends.
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      throw stop(
          place(events.peekEvent()),
          "a second document starts here",
          "Keep one topology in a file");
    }
    return mapping;
  }

  private Node node(Event event, int depth) {
    nodes++;
    if (nodes > MAX_NODES || depth > MAX_DEPTH) {
      String limit =
          depth > MAX_DEPTH
              ? "nests deeper than " + MAX_DEPTH + " levels"
              : "has more than " + MAX_NODES + " values";
      throw stop(place(event), "the file " + limit, "A topology needs far less");
    }
    if (event instanceof NodeEvent node && node.getAnchor() != null) {
      throw stop(
          place(event),
          "anchors and aliases (" + node.getAnchor() + ") are not allowed",
          "Write the value out");
    }
    return switch (event) {
      case ScalarEvent scalar -> scalar(scalar);
      case MappingStartEvent start -> mapping(start, depth);
      case SequenceStartEvent start -> listing(start, depth);
      default -> throw stop(place(event), "this is not YAML", SYNTAX);
    };
  }

  private Mapping mapping(MappingStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    Map<String, Entry> entries = new LinkedHashMap<>();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      Event keyEvent = events.getEvent();
      String key = key(keyEvent);
      path.addLast(key);
      Entry entry = new Entry(place(keyEvent), node(events.getEvent(), depth + 1));
      Entry earlier = entries.putIfAbsent(key, entry);
      if (earlier != null) {
        String complaint = "this key is already written on line " + earlier.place().line();
        report.add(entry.place(), path(), "", complaint, "Keep one of the two");
      }
      path.removeLast();
    }
    events.getEvent(); // The mapping ends.
    return new Mapping(place(start), entries);
  }

  private String key(Event event) {
    boolean simple =
        event instanceof ScalarEvent scalar
            && scalar.getAnchor() == null
            && scalar.getTag() == null
            && scalar.getValue().length() <= MAX_KEY;
    if (!simple) {
      throw stop(
          place(event),
          "this cannot be a key",
          "Write a plain word of at most " + MAX_KEY + " characters");
    }
    return ((ScalarEvent) event).getValue();
  }

  private Listing listing(SequenceStartEvent start, int depth) {
    refuseTag(start, start.getTag());
    List<Node> items = new ArrayList<>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      path.addLast("[" + items.size() + "]");
      items.add(node(events.getEvent(), depth + 1));
      path.removeLast();
    }
    events.getEvent(); // The list ends.
    return new Listing(place(start), items);
  }

  private Scalar scalar(ScalarEvent event) {
    refuseTag(event, event.getTag());
    String source = event.getValue();
    boolean foreign = "kafka".equals(path.peekFirst());
    Environment.Filled filled = environment.fill(source, foreign);
    Style written = event.isPlain() ? Style.PLAIN : Style.QUOTED;
    if (filled.failed()) {
      String found = foreign ? "this value" : source;
      report.add(place(event), path(), found, filled.fault(), filled.remedy());
      return new Scalar(place(event), source, "", Style.BROKEN);
    }
    Style style = source.contains("${") ? Style.FILLED : written;
    return new Scalar(place(event), source, filled.text(), style);
  }

  private void refuseTag(NodeEvent event, @Nullable String tag) {
    if (tag != null) {
      throw stop(place(event), "tags (" + tag + ") are not allowed", "Remove it");
    }
  }

  private TopologyException stop(Place place, String complaint, String remedy) {
    report.add(place, path(), "", complaint, remedy);
    return report.exception();
  }

  private Place place(Event event) {
    return place(file, event.getStartMark());
  }

  private static Place place(String file, Mark mark) {
    return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private String path() {
    return String.join(".", path).replace(".[", "[");
  }
}
