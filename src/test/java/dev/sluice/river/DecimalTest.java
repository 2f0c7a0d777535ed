package dev.sluice.river;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers come out as Java prints them, whether it is asked or not. */
final class DecimalTest {

  private static final int RANDOM = 2_000_000;

  private final JsonBytes to = new JsonBytes();
  private final RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);

  private String text(float value) {
    to.clear();
    to.number(value);
    return new String(to.toArray(), StandardCharsets.US_ASCII);
  }

  private String text(double value) {
    to.clear();
    to.number(value);
    return new String(to.toArray(), StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @ValueSource(
      floats = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        0.25f,
        2.5f,
        0.1f,
        0.001f,
        0.0009999999f,
        0.01f,
        9999999f,
        1e7f,
        9999999.5f,
        1234567f,
        123456.7f,
        1000000f,
        1200000f,
        0.3f,
        1f / 3,
        2f / 3,
        16.777216f,
        8388608f,
        8388607.5f,
        4194303.75f,
        1.17549435E-38f,
        Float.MIN_VALUE,
        Float.MAX_VALUE,
        3.1415927f,
        0.99999994f,
        1.0000001f,
        7.0385307E-26f,
        5f,
        100f,
        33554432f
      })
  void floatsAreWrittenAsJavaWritesThem(float value) {
    assertThat(text(value)).isEqualTo(Float.toString(value));
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {
        0,
        1,
        -1,
        0.1,
        0.001,
        0.3,
        1.0 / 3,
        17.25,
        1e7,
        9999999.999999,
        123456.789,
        0.1 + 0.2,
        1234567.1234567,
        4.35,
        1.005,
        999999.9999995,
        1e-3,
        5e-4,
        100,
        1e15,
        -273.15
      })
  void doublesAreWrittenAsJavaWritesThem(double value) {
    assertThat(text(value)).isEqualTo(Double.toString(value));
  }

  @Test
  void whateverTheFloat() {
    for (int i = 0; i < RANDOM; i++) {
      float any = Float.intBitsToFloat(random.nextInt());
      if (Float.isFinite(any)) {
        check(any);
      }
      check((float) (random.nextGaussian() * Math.pow(10, random.nextInt(-4, 8))));
    }
  }

  @Test
  void whateverTheFewDigitsOfAFloat() {
    for (int i = 0; i < RANDOM; i++) {
      int digits = random.nextInt(1, 8);
      long whole = random.nextLong((long) Math.pow(10, digits));
      check((float) (whole / Math.pow(10, random.nextInt(0, digits + 3))));
    }
  }

  @Test
  void whateverTheDouble() {
    for (int i = 0; i < RANDOM; i++) {
      long whole = random.nextLong((long) Math.pow(10, random.nextInt(1, 16)));
      double value = whole / Math.pow(10, random.nextInt(0, 12));
      if (!text(value).equals(Double.toString(value))) {
        assertThat(text(value)).isEqualTo(Double.toString(value));
      }
    }
  }

  @Test
  void javaIsHardlyEverAsked() {
    int unknown = 0;
    for (int i = 0; i < RANDOM; i++) {
      float value = (float) Math.abs(random.nextGaussian() * 100);
      unknown += Decimal.of(value) == Decimal.UNKNOWN && value >= 1e-3f ? 1 : 0;
    }
    assertThat(unknown).isLessThan(RANDOM / 1_000);
  }

  private void check(float value) {
    if (!text(value).equals(Float.toString(value))) {
      assertThat(text(value)).isEqualTo(Float.toString(value));
    }
  }
}
