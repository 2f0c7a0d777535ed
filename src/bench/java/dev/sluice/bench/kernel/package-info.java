/** LSTM steps of this kernel beside those of peers, measured in one run. */
@org.jspecify.annotations.NullMarked
package dev.sluice.bench.kernel;
