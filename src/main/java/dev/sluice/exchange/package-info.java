/**
 * Models that were trained elsewhere: state dicts of PyTorch and ONNX graphs become layers and
 * heads. Nothing in a file is executed; what is not plainly weights is refused.
 */
@NullMarked
package dev.sluice.exchange;

import org.jspecify.annotations.NullMarked;
