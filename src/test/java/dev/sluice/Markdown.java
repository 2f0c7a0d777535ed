package dev.sluice;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Markdown file taken apart into what {@link DocsTest} can check.
 *
 * @param file relative to the project
 * @param blocks fenced code, in order
 * @param links targets of links and images, in order, outside code
 * @param anchors what a link into this file may name after the #, as GitHub makes them of headings
 */
record Markdown(Path file, List<Block> blocks, List<Link> links, Set<String> anchors) {

  private static final Pattern FENCE = Pattern.compile("\\s*(`{3,}|~{3,})\\s*([\\w-]*).*");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");
  private static final Pattern LINK =
      Pattern.compile(
          "]\\(<?([^)>\\s]+)>?(?:\\s+\"[^\"]*\")?\\)|^\\[[^]]+]:\\s+(\\S+)"
              + "|(?:href|src|srcset)=\"([^\"]+)\"");
  private static final Pattern CODE = Pattern.compile("`[^`]*`");

  /**
   * A fenced block.
   *
   * @param language as written after the fence, lower case, possibly empty
   * @param line of its first line of text, from 1
   */
  record Block(String language, String text, int line) {}

  /** A link's target and the line it is on, from 1. */
  record Link(String target, int line) {}

  static Markdown read(Path file) {
    try {
      return parse(file, Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Markdown parse(Path file, List<String> lines) {
    var markdown = new Markdown(file, new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    Map<String, Integer> seen = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        int end = endOf(lines, i + 1, fence.group(1));
        String text = String.join("\n", lines.subList(i + 1, end)).stripIndent() + "\n";
        String language = fence.group(2).toLowerCase(Locale.ROOT);
        markdown.blocks.add(new Block(language, text, i + 2));
        i = end;
      } else {
        markdown.readProse(lines.get(i), i + 1, seen);
      }
    }
    return markdown;
  }

  private static int endOf(List<String> lines, int from, String fence) {
    int end = from;
    while (end < lines.size() && !lines.get(end).strip().equals(fence)) {
      end++;
    }
    return end;
  }

  private void readProse(String line, int number, Map<String, Integer> seen) {
    Matcher heading = HEADING.matcher(line);
    if (heading.matches()) {
      String slug = slug(heading.group(1));
      int before = seen.merge(slug, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? slug : slug + "-" + before);
    }
    Matcher link = LINK.matcher(CODE.matcher(line).replaceAll("``"));
    while (link.find()) {
      for (int group = 1; group <= link.groupCount(); group++) {
        if (link.group(group) != null) {
          links.add(new Link(link.group(group), number));
        }
      }
    }
  }

  private static String slug(String heading) {
    String text = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1").toLowerCase(Locale.ROOT);
    return text.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
  }
}
