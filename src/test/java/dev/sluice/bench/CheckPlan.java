package dev.sluice.bench;

/** Placeholder. */
final class CheckPlan {
  CheckPlan(Bench options, Site site, Measurements measured) {}
  void run() {}
}
