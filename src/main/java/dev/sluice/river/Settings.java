package dev.sluice.river;

import dev.sluice.score.AlertPolicy;
import dev.sluice.score.Calibration;
import dev.sluice.score.Verdicts;
import dev.sluice.state.Encoding;
import java.util.Optional;

/**
 * How a stream is scored, whatever the model.
 *
 * @param wave most events that are taken through at once, 1 to 4,096
 * @param interval probability mass between low and high, in (0, 1)
 * @param calibration overrides the calibration of the model, where the operator has said so
 * @param onSwap what becomes of a key's memory when another model takes over
 * @param encoding how precise memories are
 * @param expireAfterMillis how long a key may be silent, in event time, before an event of it finds
 *     a new memory; {@link #NEVER} if it may for ever
 * @param alerts which high scores are alerts
 * @param adapt how a key's heads learn from its events; empty where they do not
 */
public record Settings(
    int wave,
    double interval,
    Optional<Calibration> calibration,
    OnSwap onSwap,
    Encoding encoding,
    long expireAfterMillis,
    AlertPolicy alerts,
    Optional<Adapt> adapt) {

  /** No key is silent for so long. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Checks the ranges. */
  public Settings {
    if (wave < 1 || wave > 4096) {
      throw new IllegalArgumentException("a wave of " + wave + " is not from 1 to 4096");
    }
    if (expireAfterMillis < 1) {
      throw new IllegalArgumentException(
          "keys that expire after " + expireAfterMillis + " ms; give at least 1");
    }
  }

  /** Creates settings with which every high score may be an alert. */
  public Settings(
      int wave,
      double interval,
      Optional<Calibration> calibration,
      OnSwap onSwap,
      Encoding encoding,
      long expireAfterMillis) {
    this(
        wave,
        interval,
        calibration,
        onSwap,
        encoding,
        expireAfterMillis,
        AlertPolicy.NONE,
        Optional.empty());
  }

  /** Creates settings for memories as the network computes them, which never expire. */
  public Settings(int wave, double interval, Optional<Calibration> calibration, OnSwap onSwap) {
    this(wave, interval, calibration, onSwap, Encoding.FLOAT32, NEVER);
  }

  /** Returns these settings with another calibration. */
  public Settings withCalibration(Calibration other) {
    return new Settings(
        wave, interval, Optional.of(other), onSwap, encoding, expireAfterMillis, alerts, adapt);
  }

  /** Returns these settings with what people said of alerts. */
  public Settings withFeedback(Verdicts.Source source) {
    return new Settings(
        wave,
        interval,
        calibration,
        onSwap,
        encoding,
        expireAfterMillis,
        alerts.withFeedback(source),
        adapt);
  }

  /**
   * Test, then train.
   *
   * @param wholeHead whether the weights of the heads learn; else only their biases
   * @param rate of gradient descent, in (0, 1]
   */
  public record Adapt(boolean wholeHead, double rate) {

    /** Checks the range. */
    public Adapt {
      if (!(rate > 0 && rate <= 1)) {
        throw new IllegalArgumentException("a rate of " + rate + " is not in (0, 1]");
      }
    }
  }

  /** What becomes of a key's memory when another version takes over. */
  public sealed interface OnSwap {

    /** It goes on where the shape is the same, else it begins anew. */
    record Keep() implements OnSwap {}

    /** It begins anew. */
    record Reset() implements OnSwap {}

    /**
     * It is what the new version makes of the key's last events, which its row holds as they came;
     * without any it begins anew.
     *
     * @param events most that a row holds, 1 to {@value #MAX_EVENTS}
     */
    record Rewarm(int events) implements OnSwap {

      /** With so many events of 256 fields a strip of a row is full. */
      public static final int MAX_EVENTS = 250;

      /** Checks the range. */
      public Rewarm {
        if (events < 1 || events > MAX_EVENTS) {
          throw new IllegalArgumentException(
              "to replay " + events + " events; give 1 to " + MAX_EVENTS);
        }
      }
    }

    /**
     * The new version steps a memory of its own beside the old one's, which judges the key until
     * then.
     *
     * @param events of the key after which the new version takes over, at least 1
     */
    record Shadow(int events) implements OnSwap {

      /** Checks the range. */
      public Shadow {
        if (events < 1) {
          throw new IllegalArgumentException("a shadow of " + events + " events; give at least 1");
        }
      }
    }
  }
}
