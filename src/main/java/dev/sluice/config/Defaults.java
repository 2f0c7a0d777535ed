package dev.sluice.config;

import java.time.Duration;

/** What a topology file means where it says nothing. The only place that knows. */
public final class Defaults {

  /** Where events carry their key and time: the Kafka record itself. */
  public static final String RECORD = "record";

  /** Longest event, in bytes. */
  public static final int MAX_BYTES = 1_048_576;

  /** Numbers an embedded category becomes. */
  public static final int DIMENSIONS = 8;

  /** Most tokens of a text. */
  public static final int MOST_TOKENS = 512;

  /** Units of a layer. */
  public static final int HIDDEN = 64;

  /** Layers of a model. */
  public static final int LAYERS = 1;

  /** Step size with which a key's heads learn from its events. */
  public static final double ADAPT_RATE = 0.01;

  /** Bins a predicted value falls into. */
  public static final int BINS = 40;

  /** Events a training window spans. */
  public static final int WINDOW = 64;

  /** Windows trained together. */
  public static final int BATCH = 32;

  /** Passes over the history at most. */
  public static final int EPOCHS = 20;

  /** Step size of Adam. */
  public static final double LEARNING_RATE = 0.003;

  /** Largest Euclidean norm of a gradient. */
  public static final double CLIP_NORM = 1.0;

  /** Epochs without progress after which training stops. */
  public static final int PATIENCE = 3;

  /** Share of units silenced between layers in training. */
  public static final double DROPOUT = 0.0;

  /** Share of the history, its latest part, that is held out. */
  public static final double VALIDATION = 0.2;

  /** Seed of everything random in training. */
  public static final long SEED = 1;

  /** Score from which an event is an alert. */
  public static final double THRESHOLD = 0.8;

  /** Events of a key before it may alert. */
  public static final int WARM_UP = 100;

  /** Events a key stays silent after an alert, unless it gets worse. */
  public static final int QUIET = 20;

  /** High scores in a row that make an alert. */
  public static final int MIN_EVENTS = 1;

  /** How long scores have to be high. */
  public static final Duration MIN_DURATION = Duration.ZERO;

  /** Probability that a value lies inside the predicted interval. */
  public static final double INTERVAL = 0.9;

  /** The topic that carries model weights. */
  public static final String WEIGHTS_TOPIC = "sluice-weights";

  /** Nats by which a new version has to be worse for the guard to go back. */
  public static final double GUARD_WORSE = 0.2;

  /** Results of a new version that the guard judges by, at least. */
  public static final int GUARD_EVENTS = 2000;

  /** How long the guard watches a new version. */
  public static final Duration GUARD_WITHIN = Duration.ofHours(1);

  /** Time between commits. */
  public static final Duration COMMIT_INTERVAL = Duration.ofMillis(100);

  /** Events stepped together at most. */
  public static final int WAVE = 256;

  /** Stream threads of an instance. */
  public static final int THREADS = 1;

  /** How often resident memories that changed are written to local disk. */
  public static final Duration SNAPSHOT_EVERY = Duration.ofSeconds(10);

  /** Events of a key that its row holds, for a new version to replay. */
  public static final int REWARM = 32;

  /** Events of a key that a new version steps beside the old one. */
  public static final int SHADOW = 100;

  /** How long a resident memory that changed may stay out of the changelog: to its commit. */
  public static final Duration ROWS_EVERY = Duration.ZERO;

  /** Bytes of resident memories while the store is rocksdb. */
  public static final long CACHE = 256L << 20;

  /** The brokers, before the environment is filled in. */
  public static final String BOOTSTRAP = "${KAFKA_BOOTSTRAP:-localhost:9092}";

  private Defaults() {}
}
