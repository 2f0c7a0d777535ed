package dev.sluice.proof;

/** What is done to a process. */
enum Kind {
  /** An instance is killed with SIGKILL and started again at once. */
  KILL,
  /** An instance is killed with SIGKILL and stays away until the others do its work. */
  FAILOVER,
  /** All instances are killed with SIGKILL at the same moment, and started again. */
  BLACKOUT,
  /** An instance is stopped with SIGTERM and started again. */
  STOP,
  /** A broker is killed with SIGKILL and started again on its own data. */
  BROKER,
  /** A broker freezes several times, for less than its session. */
  SLOW_BROKER,
  /** An instance freezes for longer than its session and its transaction, and wakes up. */
  ZOMBIE,
  /** An instance freezes for less than its session. */
  NAP,
  /** Instances are added, stopped, killed and started in quick succession. */
  STORM,
  /** The disk of an instance's state folder is full for a while. */
  DISK,
  /** The disk of an instance's state folder is full when it is killed and started again. */
  DISK_KILL,
  /** The clock of an instance jumps by hours, forwards or back, and stays there. */
  CLOCK;

  boolean needsDisk() {
    return this == DISK || this == DISK_KILL;
  }

  /** Returns whether an instance ends by it, so that the next output is from another process. */
  boolean ends() {
    return this == KILL || this == FAILOVER || this == BLACKOUT;
  }
}
