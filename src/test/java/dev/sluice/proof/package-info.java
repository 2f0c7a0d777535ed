/**
 * Proofs of delivery: real processes, a real broker, and the river on a file as the oracle.
 *
 * <p>Read {@link dev.sluice.proof.Events} (what is sent), {@link dev.sluice.proof.Oracle} (what
 * must come out), {@link dev.sluice.proof.Outputs} (what came out, committed), {@link
 * dev.sluice.proof.Verdict} (the difference), {@link dev.sluice.proof.Child} (a process that can be
 * killed) and then the tests.
 *
 * <p>The long one is asked for by name: {@code mvn verify -Dquick -Dtest=VerdictTest
 * -Dit.test=KillProof}; {@link dev.sluice.proof.Plan} says what can be set.
 */
@NullMarked
package dev.sluice.proof;

import org.jspecify.annotations.NullMarked;
