package dev.sluice.backtest;

import java.util.Locale;

/** Writes the elements of an SVG picture; whatever text it is given, the result is well-formed. */
final class Svg {

  /** Colours for a light and a dark page; readers that know no media queries show the light one. */
  private static final String STYLE =
      """
      text { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #444 }
      .page { fill: #fff }
      .title { font-size: 16px; font-weight: 600; fill: #111 }
      .grid { stroke: #e4e4e4; fill: none }
      .frame { stroke: #999; fill: none }
      .band { fill: #9ecae1; fill-opacity: .45 }
      .expected { stroke: #2b7bba; stroke-width: 1; fill: none }
      .value { stroke: #222; stroke-width: 1.2; fill: none; stroke-linejoin: round }
      .surprise { stroke: #7b5ea7; stroke-width: 1; fill: none; stroke-linejoin: round }
      .score { stroke: #1b7a4b; stroke-width: 1.2; fill: none; stroke-linejoin: round }
      .threshold { stroke: #c62f2f; stroke-width: 1; stroke-dasharray: 6 4; fill: none }
      .alert { fill: #d62728 }
      .suppressed { fill: none; stroke: #d62728; stroke-width: 1.5 }
      .label { fill: #f5b041; fill-opacity: .35 }
      .warm { fill: #888; fill-opacity: .13 }
      @media (prefers-color-scheme: dark) {
        text { fill: #bbb }
        .page { fill: #16191d }
        .title { fill: #eee }
        .grid { stroke: #2c3238 }
        .frame { stroke: #6b737b }
        .band { fill: #31678f; fill-opacity: .5 }
        .expected { stroke: #6db3e8 }
        .value { stroke: #eee }
        .surprise { stroke: #b79be0 }
        .score { stroke: #4fc98a }
        .threshold { stroke: #ff7b72 }
        .alert { fill: #ff5f57 }
        .suppressed { stroke: #ff5f57 }
        .label { fill: #d68910; fill-opacity: .4 }
        .warm { fill: #aaa }
      }
      """;

  private final StringBuilder out = new StringBuilder();

  /**
   * Begins a picture.
   *
   * @param title what a screen reader calls it
   * @param description what it says of it
   */
  Svg(int width, int height, String title, String description) {
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height)
        .append("\" role=\"img\" aria-labelledby=\"title description\">\n<title id=\"title\">")
        .append(escaped(title))
        .append("</title>\n<desc id=\"description\">")
        .append(escaped(description))
        .append("</desc>\n<style>\n")
        .append(STYLE)
        .append("</style>\n");
    rect("page", 0, 0, width, height);
  }

  Svg rect(String style, double x, double y, double width, double height) {
    out.append("<rect class=\"").append(style).append('"');
    return attribute("x", x)
        .attribute("y", y)
        .attribute("width", width)
        .attribute("height", height)
        .end();
  }

  Svg circle(String style, double x, double y, double radius) {
    out.append("<circle class=\"").append(style).append('"');
    return attribute("cx", x).attribute("cy", y).attribute("r", radius).end();
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    out.append("<line class=\"").append(style).append('"');
    return attribute("x1", x1).attribute("y1", y1).attribute("x2", x2).attribute("y2", y2).end();
  }

  /** Writes what {@link Path} has drawn; nothing where that is nothing. */
  Svg path(String style, Path path) {
    if (!path.data.isEmpty()) {
      out.append("<path class=\"").append(style).append("\" d=\"").append(path.data).append('"');
      end();
    }
    return this;
  }

  /**
   * Writes a line of text.
   *
   * @param anchor what of the text is at x: {@code start}, {@code middle} or {@code end}
   */
  Svg text(String style, double x, double y, String anchor, String text) {
    out.append("<text class=\"").append(style).append('"');
    attribute("x", x).attribute("y", y);
    out.append(" text-anchor=\"").append(anchor).append("\">").append(escaped(text));
    out.append("</text>\n");
    return this;
  }

  /** Begins a part of which only what lies in a rectangle is seen. */
  Svg clip(String id, double x, double y, double width, double height) {
    out.append("<clipPath id=\"").append(id).append("\"><rect");
    attribute("x", x).attribute("y", y).attribute("width", width).attribute("height", height);
    out.append("/></clipPath>\n<g clip-path=\"url(#").append(id).append(")\">\n");
    return this;
  }

  /** Ends that part. */
  Svg unclip() {
    out.append("</g>\n");
    return this;
  }

  /** Ends the picture and returns it. */
  String finish() {
    return out.append("</svg>\n").toString();
  }

  private Svg attribute(String name, double value) {
    out.append(' ').append(name).append("=\"").append(tenths(value)).append('"');
    return this;
  }

  private Svg end() {
    out.append("/>\n");
    return this;
  }

  /** Returns a coordinate: a tenth of a pixel is as fine as anybody sees. */
  private static String tenths(double value) {
    long tenths = Math.round(value * 10);
    return tenths % 10 == 0
        ? Long.toString(tenths / 10)
        : String.format(Locale.ROOT, "%.1f", tenths / 10.0);
  }

  /** What XML cannot hold, a key may well; a blank stands for it. */
  private static String escaped(String text) {
    var to = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> to.append("&amp;");
                case '<' -> to.append("&lt;");
                case '>' -> to.append("&gt;");
                case '"' -> to.append("&quot;");
                default -> to.appendCodePoint(isLegal(c) ? c : ' ');
              }
            });
    return to.toString();
  }

  private static boolean isLegal(int c) {
    boolean surrogate = c >= 0xD800 && c <= 0xDFFF;
    return c >= 0x20 && !surrogate && c != 0xFFFE && c != 0xFFFF;
  }

  /** A line through points, with gaps. */
  static final class Path {

    private final StringBuilder data = new StringBuilder();
    private boolean down;

    /** Goes to a point: drawing, unless the path begins here or after a gap. */
    Path to(double x, double y) {
      data.append(down ? 'L' : 'M').append(tenths(x)).append(' ').append(tenths(y));
      down = true;
      return this;
    }

    /** Lifts the pen. */
    void gap() {
      down = false;
    }

    /** Closes an area. */
    void close() {
      data.append('Z');
      down = false;
    }
  }
}
