package dev.sluice.backtest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backtest.Chart.Caption;
import dev.sluice.backtest.ChartSeries.Mark;
import dev.sluice.backtest.ChartSeries.Part;
import dev.sluice.backtest.Labels.Span;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class ChartTest {

  // The plot is 1,010 pixels wide from 70 on; the panel of the values goes from 84 to 354.
  private static final int COLUMNS = 1010;

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
  }

  private static List<Element> byClass(Document document, String tag, String style) {
    NodeList all = document.getElementsByTagName(tag);
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      if (element.getAttribute("class").equals(style)) {
        found.add(element);
      }
    }
    return found;
  }

  /** An event a second: at second s the value is given, the score 0.2 and the surprise 1. */
  private static void add(ChartSeries series, int second, double value, boolean alert) {
    series
        .with(Part.VALUE, value)
        .with(Part.EXPECTED, 0)
        .with(Part.SURPRISE, 1)
        .with(Part.SCORE, alert ? 0.9 : 0.2)
        .add(second * 1000L, alert ? Mark.ALERT : Mark.NONE, second < 50);
  }

  @Test
  void everythingIsWhereItsTimeAndValueSay() throws Exception {
    var series = new ChartSeries();
    for (int second = 0; second <= COLUMNS; second++) {
      add(series, second, second == 150 ? 100 : 0, second == 150);
    }

    Document chart =
        parse(Chart.draw(series, new Caption("k", 0.8, List.of(new Span(100_000, 200_000)))));

    // One pixel a second. 0 to 100 with 5 % more at both ends on 270 pixels: 100 is at 84 + 12.3.
    List<Element> dots = byClass(chart, "circle", "alert");
    assertThat(dots).hasSize(3); // In two panels and in the legend.
    assertThat(dots.getFirst().getAttribute("cx")).isEqualTo("220");
    assertThat(dots.getFirst().getAttribute("cy")).isEqualTo("96.3");
    assertThat(byClass(chart, "path", "value").getFirst().getAttribute("d"))
        .startsWith("M70 341.7L71 341.7")
        .contains("L219 341.7L220 96.3L221 341.7");
    List<Element> labels = byClass(chart, "rect", "label");
    assertThat(labels).hasSize(4); // In three panels and in the legend.
    assertThat(labels.getFirst().getAttribute("x")).isEqualTo("170");
    assertThat(labels.getFirst().getAttribute("width")).isEqualTo("100");
    Element warm = byClass(chart, "rect", "warm").getFirst();
    assertThat(warm.getAttribute("x")).isEqualTo("70");
    assertThat(warm.getAttribute("width")).isEqualTo("49");
    // The score's panel begins at 380 and is 110 high, from -0.05 to 1.05: 0.8 is at 405.
    assertThat(byClass(chart, "line", "threshold").getFirst().getAttribute("y1")).isEqualTo("405");
    assertThat(chart.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo("Scores of k");
    assertThat(chart.getElementsByTagName("desc").item(0).getTextContent())
        .isEqualTo(
            "1970-01-01T00:00:00Z to 1970-01-01T00:16:50Z (UTC); events: 1,011, alerts: 1,"
                + " labelled anomalies: 1");
  }

  @Test
  void aLongSeriesKeepsItsSpikesAndStaysSmall() throws Exception {
    var series = new ChartSeries();
    var random = new Random(1);
    for (int second = 0; second < 100_000; second++) {
      double value = second == 54_321 ? 100 : second == 54_322 ? 0 : 40 + 20 * random.nextDouble();
      series.with(Part.LOW, 40).with(Part.HIGH, 40 + 20 * random.nextDouble());
      add(series, second, value, random.nextInt(10) == 0);
    }

    String svg = Chart.draw(series, new Caption("k", 0.8, List.of()));

    assertThat(svg.length()).isBetween(50_000, 1_000_000);
    assertThat(byClass(parse(svg), "path", "value").getFirst().getAttribute("d"))
        .contains(" 96.3L")
        .contains(" 341.7L");
  }

  @Test
  void aKeyMayHoldWhatXmlCannot() throws Exception {
    var series = new ChartSeries();
    add(series, 0, Double.NaN, false);
    String key = "<b>&\"]]>\u0000\u0007 é 😀 \uD800";

    Document chart = parse(Chart.draw(series, new Caption(key, 0.8, List.of(new Span(0, 0)))));

    assertThat(byClass(chart, "text", "title").getFirst().getTextContent())
        .isEqualTo("<b>&\"]]>   é 😀  ");
  }

  @Test
  void eventsOutOfOrderAreDrawnInOrderAndAMissingValueIsAGap() throws Exception {
    var series = new ChartSeries();
    add(series, 0, 0, false);
    add(series, COLUMNS, 10, false);
    add(series, 101, 10, false);
    add(series, 303, Double.NaN, false);
    add(series, 202, 0, false);

    Document chart = parse(Chart.draw(series, new Caption("k", 0.8, List.of())));

    assertThat(byClass(chart, "path", "value").getFirst().getAttribute("d"))
        .isEqualTo("M70 341.7L171 96.3L272 341.7M1080 96.3");
  }

  @Test
  void wordsHaveNoValuesToDraw() throws Exception {
    var series = new ChartSeries();
    for (int second = 0; second < 10; second++) {
      series
          .with(Part.EXPECTED, 0.7)
          .with(Part.SURPRISE, 1)
          .with(Part.SCORE, 0.1)
          .add(second * 1000L, second == 5 ? Mark.SUPPRESSED : Mark.NONE, false);
    }

    Document chart = parse(Chart.draw(series, new Caption("k", 0.8, List.of())));

    assertThat(byClass(chart, "text", "name").getFirst().getTextContent())
        .isEqualTo("probability of the likeliest word");
    assertThat(byClass(chart, "path", "value")).isEmpty();
    assertThat(byClass(chart, "path", "expected")).hasSize(1);
    assertThat(byClass(chart, "circle", "suppressed")).hasSize(3);
    assertThat(byClass(chart, "circle", "alert")).hasSize(1); // In the legend.
  }
}
