/**
 * Proofs of delivery: real processes, real brokers, and the river on a file as the oracle.
 *
 * <p>Read {@link dev.sluice.proof.Events} (what is sent), {@link dev.sluice.proof.Oracle} and, for
 * millions, {@link dev.sluice.proof.Ledger} (what must come out), {@link dev.sluice.proof.Outputs}
 * (what came out, committed), {@link dev.sluice.proof.Audit} (the difference), {@link
 * dev.sluice.proof.Child} (a process that things are done to), {@link dev.sluice.proof.Kind} (what
 * is done), {@link dev.sluice.proof.Run} (all of it together) and then the tests.
 *
 * <p>The long one is asked for by name: {@code mvn verify -Dquick -Dtest=VerdictTest
 * -Dit.test=DeliveryProof}; {@link dev.sluice.proof.Plan} says what can be set.
 */
@NullMarked
package dev.sluice.proof;

import org.jspecify.annotations.NullMarked;
