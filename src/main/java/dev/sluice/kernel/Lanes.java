package dev.sluice.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** The vector width in use: the widest this CPU runs well, unless a test narrows it. */
final class Lanes {

  static final VectorSpecies<Float> SPECIES = species(System.getProperty(KernelChoice.PROPERTY));

  /** Floats per vector: 4, 8 or 16. */
  static final int COUNT = SPECIES.length();

  /** Bytes per vector. */
  static final int BYTES = COUNT * Float.BYTES;

  /** Bytes of one gate's 16 units, which are one, two or four vectors. */
  static final int GROUP_BYTES = GatePanels.UNITS * Float.BYTES;

  /**
   * Most rows of a register tile. Six rows of four gates keep 24 sums in registers, which needs the
   * 32 registers of AVX-512 or ARM; with the 16 of AVX2 three rows fill them.
   */
  static final int TILE_ROWS = COUNT == 16 || !isX86() ? 6 : 3;

  private Lanes() {}

  private static VectorSpecies<Float> species(@Nullable String bits) {
    if (bits != null && !bits.equals("scalar")) {
      return VectorSpecies.of(float.class, VectorShape.forBitSize(Integer.parseInt(bits)));
    }
    int widest = Math.min(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 512);
    return VectorSpecies.of(float.class, VectorShape.forBitSize(Math.max(widest, 128)));
  }

  private static boolean isX86() {
    String arch = System.getProperty("os.arch");
    return arch.equals("amd64") || arch.equals("x86_64");
  }
}
