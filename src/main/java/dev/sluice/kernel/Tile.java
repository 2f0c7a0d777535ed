package dev.sluice.kernel;

/**
 * What a micro-kernel works on: {@code out[r] = start[r] + Σ_k x[r, k] · w[k]} for a few rows r,
 * where {@code out[r]}, {@code start[r]} and {@code w[k]} are 64 floats. Addresses and distances in
 * bytes; since every distance is free, the same code multiplies forwards, backwards (by transposed
 * weights) and for the weights' gradients (where rows and depth change places).
 *
 * <p>A parameter block, so that ten numbers need not travel as arguments. Confined to its owner.
 */
final class Tile {
  long x;
  long xRow;
  long xDepth;
  long w;
  long wDepth;
  long start;
  long startRow;
  long out;
  long outRow;
  int depth;
}
