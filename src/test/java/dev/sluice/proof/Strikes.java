package dev.sluice.proof;

import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** Carries faults out. Whatever it ends is running again, or being started, when it returns. */
final class Strikes {

  /** The product's own bound of a transaction, which a zombie must outlive. */
  private static final int TRANSACTION_MILLIS = 10_000;

  private static final Duration FAILOVER = Duration.ofSeconds(60);

  private final Plan plan;
  private final Cluster cluster;
  private final Cast cast;
  private final Outputs outputs;

  Strikes(Plan plan, Cluster cluster, Cast cast, Outputs outputs) {
    this.plan = plan;
    this.cluster = cluster;
    this.cast = cast;
    this.outputs = outputs;
  }

  void strike(Fault fault) throws IOException, InterruptedException {
    var random = new Random(fault.seed());
    int target = fault.target();
    switch (fault.kind()) {
      case KILL -> {
        cast.kill(target);
        restart(target, random);
      }
      case STOP -> {
        cast.stop(target);
        restart(target, random);
      }
      case FAILOVER -> {
        cast.kill(target);
        outputs.awaitAllAfter(System.nanoTime() + 1_000_000_000L, plan.partitions(), FAILOVER);
        cast.start(target);
      }
      case BLACKOUT -> blackout(random);
      case BROKER -> {
        cluster.kill(target);
        Thread.sleep(200 + random.nextInt(8000));
        cluster.restart(target);
      }
      case SLOW_BROKER -> pulses(target, random);
      case ZOMBIE -> {
        int outlived = Math.max(TRANSACTION_MILLIS, plan.variant().sessionMillis());
        cast.freeze(target, Duration.ofMillis(outlived + 1500 + random.nextInt(2500)));
      }
      case NAP -> cast.freeze(target, Duration.ofMillis(500 + random.nextInt(3000)));
      case STORM -> storm(random);
      case DISK -> {
        cast.fillDisk(target);
        Thread.sleep(2000 + random.nextInt(4000));
        cast.freeDisk(target);
      }
      case DISK_KILL -> {
        cast.fillDisk(target);
        Thread.sleep(random.nextInt(1000));
        cast.kill(target);
        restart(target, random);
        Thread.sleep(3000 + random.nextInt(5000));
        cast.freeDisk(target);
      }
      case CLOCK -> cast.jump(target, random.nextInt(-48 * 3600, 48 * 3600));
    }
  }

  private void restart(int instance, Random random) throws InterruptedException {
    Thread.sleep(100 + random.nextInt(900));
    cast.start(instance);
  }

  private void blackout(Random random) throws InterruptedException {
    for (int i = 0; i < plan.instances(); i++) {
      cast.kill(i);
    }
    Thread.sleep(100 + random.nextInt(900));
    for (int i = 0; i < plan.instances(); i++) {
      cast.start(i);
    }
  }

  /** Each pulse is far shorter than the 9 s after which the others give a broker up. */
  private void pulses(int node, Random random) throws IOException, InterruptedException {
    int pulses = 3 + random.nextInt(4);
    for (int i = 0; i < pulses; i++) {
      cluster.node(node).pause();
      Thread.sleep(200 + random.nextInt(1800));
      cluster.node(node).resume();
      Thread.sleep(50 + random.nextInt(400));
    }
  }

  /** Six to nine changes of the group, the next before it has settled on the last. */
  private void storm(Random random) throws InterruptedException {
    int all = plan.instances() + Cast.EXTRAS;
    int steps = 6 + random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      int instance = random.nextInt(all);
      switch (random.nextInt(3)) {
        case 0 -> cast.start(instance);
        case 1 -> cast.stop(instance);
        default -> cast.kill(instance);
      }
      Thread.sleep(random.nextInt(1500));
      cast.start(random.nextInt(all));
    }
    for (int i = 0; i < all; i++) {
      if (i < plan.instances()) {
        cast.start(i);
      } else {
        cast.stop(i);
      }
    }
  }

  /** Waits until output flows from every partition again, or something says that it need not. */
  void awaitDigested(BooleanSupplier over) throws InterruptedException {
    long struck = System.nanoTime();
    long deadline = struck + FAILOVER.toNanos();
    while (System.nanoTime() < deadline
        && !over.getAsBoolean()
        && !outputs.areAllAfter(struck, plan.partitions())) {
      Thread.sleep(20);
    }
  }
}
