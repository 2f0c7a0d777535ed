/**
 * Arithmetic on blocks of floats: every operation once in plain Java and once with vector
 * instructions.
 *
 * <p>Read {@link dev.sluice.kernel.Kernel} first, the door: what can be computed, and what is
 * checked. Then {@code ScalarKernel}, which is the specification, and {@code VectorKernel}, the
 * same with lanes; {@code Tiles} is where the time goes. {@link dev.sluice.kernel.GatePanels} says
 * how weights lie in memory and why.
 *
 * <p>The two twins agree to the last bit, at every vector width and every number of rows, because
 * each output is one chain of fused multiply-adds in input order and everything else is an
 * operation that IEEE 754 defines exactly. {@code KernelTest} holds them to it. That is what makes
 * a replayed stream yield the same bytes on another machine.
 *
 * <p>Rules of this package, enforced by the build:
 *
 * <ul>
 *   <li>nothing outside it imports {@code jdk.incubator.vector}, and without that module it runs on
 *       the scalar twin;
 *   <li>arguments are checked at the door, once per call and not per row; inside, one unbounded
 *       segment is read and written by address, with assertions only;
 *   <li>nothing is allocated per call;
 *   <li>it uses no other package of Sluice.
 * </ul>
 */
@NullMarked
package dev.sluice.kernel;

import org.jspecify.annotations.NullMarked;
