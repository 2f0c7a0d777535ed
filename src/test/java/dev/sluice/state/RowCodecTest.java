package dev.sluice.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.cell.Cell;
import dev.sluice.kernel.Floats;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RowCodecTest {

  static final String WHERE = "changelog-3 at 42";
  static final byte[] KEY = "a".getBytes(UTF_8);
  private static final RowLayout LAYOUT = new RowLayout(List.of(1, 2), 1);

  /** Two layers of one and two units, one statistic: every field of the format stands here. */
  static final String GOLDEN =
      "02" // version
          + "00" // float32
          + "0200" // layers
          + "01000000" // statistics
          + "11f92c671864aad0" // hash of the layout: FNV-1a over 1, 2, 1
          + "0700000000000000" // sequence
          + "03000000" // model version
          + "00000000" // strips
          + "15cd5b0700000000" // latest time: 123,456,789
          + "0500000000000000" // events
          + "01000000"
          + "02000000" // units
          + "0000803f"
          + "000000c0" // layer 0: h = 1, c = -2
          + "0000003f"
          + "00004040"
          + "00000000"
          + "0000c07f" // layer 1: h = 0.5, 3; c = 0, NaN
          + "000000000000f83f"; // 1.5

  /** The same memory in halves. */
  private static final String GOLDEN_HALVES =
      "02010200"
          + GOLDEN.substring(8, 112)
          + "003c"
          + "00c0" // layer 0: h = 1, c = -2
          + "0038"
          + "0042"
          + "0000"
          + "007e" // layer 1: h = 0.5, 3; c = 0, NaN
          + "000000000000f83f"; // 1.5

  /** What earlier builds wrote: no time, no number of events. */
  private static final String VERSION_1 = "01" + GOLDEN.substring(2, 64) + GOLDEN.substring(96);

  private static Memories golden() {
    return golden(Encoding.FLOAT32);
  }

  private static Memories golden(Encoding encoding) {
    return golden(encoding, LAYOUT);
  }

  /** Returns the memory that the golden bytes are of, in a layout that may have strips, too. */
  static Memories golden(Encoding encoding, RowLayout layout) {
    var memories = new Memories(encoding, MemoryBudget.unlimited());
    int slot = memories.claim(KEY);
    memories.reset(slot, layout);
    memories.steppedBy(slot, 7, 3);
    memories.past(slot, 123_456_789, 5);
    Floats page = memories.page(slot);
    page.set(0, 1); // h of layer 0
    page.set(16, -2); // c of layer 0
    page.set(32, 0.5f); // h of layer 1
    page.set(33, 3);
    page.set(49, Float.NaN); // c of layer 1
    memories.stats(slot)[memories.statsAt(slot)] = 1.5;
    return memories;
  }

  @Test
  void theLayoutIsAsDocumented() {
    assertThat(HexFormat.of().formatHex(RowCodec.write(golden(), 0))).isEqualTo(GOLDEN);
  }

  @Test
  void halvesAreLaidOutAsDocumented() {
    byte[] halves = HexFormat.of().parseHex(GOLDEN_HALVES);
    assertThat(RowCodec.write(golden(Encoding.FLOAT16), 0)).isEqualTo(halves);
    var memories = new Memories();
    RowCodec.read(KEY, halves, WHERE, memories);
    assertThat(HexFormat.of().formatHex(RowCodec.write(memories, 0))).isEqualTo(GOLDEN);
  }

  /** So that a row is the same before and after it was written. */
  @Test
  void aRowThatIsReadIntoMemoriesOfHalvesIsRounded() {
    var memories = golden();
    memories.page(0).set(0, 0.1f);
    var rounded = new Memories(Encoding.FLOAT16, MemoryBudget.unlimited());
    RowCodec.read(KEY, RowCodec.write(memories, 0), WHERE, rounded);
    assertThat(rounded.page(0).get(0)).isEqualTo(0x1.998p-4f);
  }

  @Test
  void versionOneIsReadWithTheTimeThatItsStatisticsHold() {
    var memories = new Memories();
    RowCodec.read(KEY, HexFormat.of().parseHex(VERSION_1), WHERE, memories);
    assertThat(memories.sequence(0)).isEqualTo(7);
    assertThat(memories.version(0)).isEqualTo(3);
    assertThat(memories.lastTime(0)).as("too few statistics").isEqualTo(Memories.NO_TIME);
    assertThat(memories.events(0)).isZero();
    assertThat(memories.page(0).get(33)).isEqualTo(3);

    // One layer of one unit; the latest time 1,000, four events, one more statistic.
    String row =
        "0100010003000000HASH"
            + "0700000000000000030000000000000001000000"
            + "0000803f000000c0"
            + "0000000000408f4000000000000010400000000000000000";
    String right =
        row.replace("HASH", HexFormat.of().formatHex(hash(new RowLayout(List.of(1), 3))));
    RowCodec.read(KEY, HexFormat.of().parseHex(right), WHERE, memories);
    assertThat(memories.lastTime(0)).isEqualTo(1_000);
    assertThat(memories.events(0)).isEqualTo(4);
    assertThat(memories.streamTime()).isEqualTo(1_000);
    // Nobody has stepped it yet.
    RowCodec.read(KEY, HexFormat.of().parseHex(right.replace("1040", "0000")), WHERE, memories);
    assertThat(memories.lastTime(0)).isEqualTo(Memories.NO_TIME);
  }

  private static byte[] hash(RowLayout layout) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(layout.hash()).array();
  }

  @Test
  void theLastTimeIsReadFromTheHeaderAlone() {
    assertThat(RowCodec.lastTime(HexFormat.of().parseHex(GOLDEN))).isEqualTo(123_456_789);
    assertThat(RowCodec.lastTime(HexFormat.of().parseHex(VERSION_1))).isEqualTo(Memories.NO_TIME);
    assertThat(RowCodec.lastTime(new byte[10])).isEqualTo(Memories.NO_TIME);
  }

  @Test
  void goldenBytesAreReadAsTheMemoryTheyWereWrittenFrom() {
    var memories = new Memories();
    RowCodec.read(KEY, HexFormat.of().parseHex(GOLDEN), WHERE, memories);
    int slot = memories.find(KEY);
    assertThat(memories.layout(slot)).isEqualTo(LAYOUT);
    assertThat(memories.sequence(slot)).isEqualTo(7);
    assertThat(memories.version(slot)).isEqualTo(3);
    float[] row = memories.page(slot).toArray(memories.offset(slot), 64);
    float[] expected = new float[64];
    expected[0] = 1;
    expected[16] = -2;
    expected[32] = 0.5f;
    expected[33] = 3;
    expected[49] = Float.NaN;
    assertThat(row).isEqualTo(expected);
    assertThat(memories.stats(slot)[memories.statsAt(slot)]).isEqualTo(1.5);
  }

  /** Whatever is in the padding stays there: it is not part of the promise. */
  @Test
  void paddingIsNeverWritten() {
    Memories memories = golden();
    Floats page = memories.page(0);
    for (int i = 0; i < 64; i++) {
      boolean used = i == 0 || i == 16 || i == 32 || i == 33 || i == 48 || i == 49;
      page.set(i, used ? page.get(i) : 99);
    }
    assertThat(HexFormat.of().formatHex(RowCodec.write(memories, 0))).isEqualTo(GOLDEN);
  }

  @Test
  void memoryOfOneKindOfCellIsNeverTakenForThatOfAnother() {
    var words = new HashSet<Integer>();
    for (Cell cell : Cell.values()) {
      words.add(LayerWord.of(cell, 4096, 4096));
      words.add(LayerWord.of(cell, 1, 1));
    }
    assertThat(words).hasSize(2 * Cell.values().length);
    // As rows of earlier releases have it.
    assertThat(LayerWord.of(Cell.LSTM, 64, 64)).isEqualTo(64);
    // 32 of h and 64 of c, to the multiple of 16 that each is.
    int projected = LayerWord.of(Cell.PROJECTED, 20, 64);
    assertThat(new RowLayout(List.of(projected), 0).layerFloats()).isEqualTo(32 + 64);
    int gated = LayerWord.of(Cell.GRU, 64, 64);
    assertThat(new RowLayout(List.of(gated), 0).layerFloats()).isEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyMemoryComesBackToTheLastBit(long seed) {
    var random = new Random(seed);
    Integer[] hidden = new Integer[1 + random.nextInt(4)];
    Cell[] cells = Cell.values();
    Arrays.setAll(
        hidden,
        _ -> {
          int units = 1 + random.nextInt(70);
          Cell cell = cells[random.nextInt(cells.length)];
          int outputs = cell == Cell.PROJECTED ? 1 + random.nextInt(units) : units;
          return LayerWord.of(cell, outputs, units);
        });
    List<Strip> strips = new ArrayList<>();
    for (int kind = random.nextInt(4); kind > 0; kind--) {
      strips.add(new Strip(kind, random.nextLong(), random.nextInt(50), random.nextInt(50)));
    }
    var layout = new RowLayout(List.of(hidden), random.nextInt(40), strips);
    var memories = new Memories();
    memories.claim("other".getBytes(UTF_8));
    int slot = memories.claim(KEY);
    memories.reset(slot, layout);
    memories.steppedBy(slot, random.nextLong(), random.nextInt());
    memories.past(slot, random.nextLong(), random.nextLong());
    scribble(memories, slot, layout, random);
    byte[] bytes = RowCodec.write(memories, slot);

    var copy = new Memories();
    // Into a key that was of another shape.
    copy.reset(copy.claim(KEY), LAYOUT);
    RowCodec.read(KEY, bytes, WHERE, copy);
    int there = copy.find(KEY);
    assertThat(RowCodec.write(copy, there)).isEqualTo(bytes);
    assertThat(copy.page(there).toArray(copy.offset(there), layout.floats()))
        .isEqualTo(memories.page(slot).toArray(memories.offset(slot), layout.floats()));
    assertThat(copy.size()).isEqualTo(1);
  }

  /** Random bits, NaNs with payload included, where units are; padding stays zero. */
  private static void scribble(Memories memories, int slot, RowLayout layout, Random random) {
    long at = memories.offset(slot);
    for (int word : layout.hidden()) {
      for (int units : new int[] {LayerWord.hidden(word), LayerWord.cell(word)}) {
        for (int unit = 0; unit < units; unit++) {
          float value = Float.intBitsToFloat(random.nextInt());
          memories.page(slot).set(at + unit, value);
        }
        at += Floats.pad(units);
      }
    }
    for (Strip strip : layout.strips()) {
      for (int i = 0; i < strip.floats(); i++) {
        memories.page(slot).set(at + i, Float.intBitsToFloat(random.nextInt()));
      }
      at += Floats.pad(strip.floats());
    }
    for (int i = 0; i < layout.doubles(); i++) {
      memories.stats(slot)[memories.statsAt(slot) + i] = Double.longBitsToDouble(random.nextLong());
    }
  }

  @Test
  void everyTruncationIsRefusedWithThePlaceNamed() {
    byte[] whole = HexFormat.of().parseHex(GOLDEN);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertUnreadable(cut, "");
    }
    assertUnreadable(Arrays.copyOf(whole, 31), "31 bytes are fewer than the header's 32");
    assertUnreadable(Arrays.copyOf(whole, 47), "47 bytes are fewer than the header's 48");
    assertUnreadable(Arrays.copyOf(whole, 55), "2 layers do not fit in 55 bytes");
    assertUnreadable(
        Arrays.copyOf(whole, 87),
        "a row of RowLayout[hidden=[1, 2], stats=1, strips=[]] has 88 bytes, found 87");
    assertUnreadable(
        Arrays.copyOf(whole, 89),
        "a row of RowLayout[hidden=[1, 2], stats=1, strips=[]] has 88 bytes, found 89");
  }

  @Test
  void otherVersionsAndEncodingsAreRefused() {
    assertUnreadable(
        changed(0, 4),
        "format version 4, this release reads only 1 to 3; run the release that wrote it, or reset"
            + " the application");
    assertUnreadable(
        changed(0, 0),
        "format version 0, this release reads only 1 to 3; run the release that wrote it, or reset"
            + " the application");
    assertUnreadable(changed(1, 2), "encoding 2, only 0 and 1 are known");
    byte[] halvesOfVersion1 = HexFormat.of().parseHex(VERSION_1);
    halvesOfVersion1[1] = 1;
    assertUnreadable(halvesOfVersion1, "encoding 1, only 0 is known");
  }

  @Test
  void sizesThatCannotBeAreRefused() {
    assertUnreadable(changed(2, 0), "0 layers, from 1 to 16");
    assertUnreadable(changed(3, 0xff), "65282 layers do not fit in 88 bytes");
    assertUnreadable(changed(2, 17), "17 layers do not fit in 88 bytes");
    assertUnreadable(changed(7, 0xff), "-16777215 statistics, from 0 to 65535");
    assertUnreadable(changed(48, 0), "0 units in a layer, from 1 to 4096");
    assertUnreadable(changed(55, 0x7f), "2130706434 units in a layer, from 1 to 4096");
    assertUnreadable(
        changed(48, 2),
        "a row of RowLayout[hidden=[2, 2], stats=1, strips=[]] has 96 bytes, found 88");
  }

  @Test
  void aHashOfAnotherLayoutIsRefused() {
    assertUnreadable(
        changed(8, 0x12),
        "its layout reads as RowLayout[hidden=[1, 2], stats=1, strips=[]], which the hash"
            + " d0aa6418672cf912 is not of");
    // Units that changed places: the size is right, only the hash knows.
    byte[] swapped = changed(48, 2);
    swapped[52] = 1;
    assertUnreadable(
        swapped,
        "its layout reads as RowLayout[hidden=[2, 1], stats=1, strips=[]], which the hash"
            + " d0aa6418672cf911 is not of");
  }

  @Test
  void randomDamageOfTheHeaderIsRefusedOrHarmless() {
    byte[] whole = HexFormat.of().parseHex(GOLDEN);
    var random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 4_000; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(56)] = (byte) random.nextInt(256);
      var memories = new Memories();
      try {
        RowCodec.read(KEY, bytes, WHERE, memories);
        assertThat(memories.layout(memories.find(KEY))).isEqualTo(LAYOUT);
      } catch (CorruptRowException e) {
        assertThat(e).hasMessageStartingWith(WHERE);
        refused++;
      }
    }
    // Sequence, version, time, events and reserved bytes are 32 of 56: any of theirs can be read.
    assertThat(refused).isBetween(1_500, 1_900);
  }

  @Test
  void theHashIsFnv1aOverTheNumbers() {
    // Computed elsewhere, with whole numbers of any size.
    assertThat(new RowLayout(List.of(3), 2).hash()).isEqualTo(0x0835ec07b4ee4fb0L);
    long stored =
        ByteBuffer.wrap(HexFormat.of().parseHex(GOLDEN)).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    assertThat(LAYOUT.hash()).isEqualTo(stored);
  }

  private static byte[] changed(int at, int value) {
    byte[] bytes = HexFormat.of().parseHex(GOLDEN);
    bytes[at] = (byte) value;
    return bytes;
  }

  /** The memory that was there stays, too. */
  static void assertUnreadable(byte[] bytes, String message) {
    Memories memories = golden();
    byte[] before = RowCodec.write(memories, 0);
    assertThatThrownBy(() -> RowCodec.read(KEY, bytes, WHERE, memories))
        .isInstanceOf(CorruptRowException.class)
        .hasMessageStartingWith(WHERE + ": the stored memory is unreadable: " + message);
    assertThat(RowCodec.write(memories, 0)).isEqualTo(before);
    var empty = new Memories();
    assertThatThrownBy(() -> RowCodec.read(KEY, bytes, WHERE, empty))
        .isInstanceOf(CorruptRowException.class);
    assertThat(empty.size()).isZero();
  }
}
