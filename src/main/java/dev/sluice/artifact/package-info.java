/**
 * A model as bytes: one safetensors file, checked before it is believed.
 *
 * <p>Read in this order: {@link dev.sluice.artifact.ArtifactWriter} (what the file holds), {@link
 * dev.sluice.artifact.ArtifactReader} and {@code DocumentReader} (how it is checked), {@link
 * dev.sluice.artifact.Safetensors} (the container, byte by byte) and its {@code HeaderReader},
 * {@link dev.sluice.artifact.ArtifactException} (how a file is refused).
 *
 * <p>Who vouches for an artifact: {@link dev.sluice.artifact.Claim} (what is signed), {@link
 * dev.sluice.artifact.TrustedKeys} (who is believed, and what that protects), {@link
 * dev.sluice.artifact.SigningKey} and {@link dev.sluice.artifact.VerifyingKey} (the two halves of a
 * key), {@link dev.sluice.artifact.ArtifactFile} (a signature beside a file).
 *
 * <p>Rules of this package:
 *
 * <ul>
 *   <li>loading executes nothing: a file is numbers and strings, never a class name or code;
 *   <li>every length is checked against the bytes at hand before anything of that length is made;
 *   <li>whatever the bytes, the only exception a reader throws is {@code ArtifactException};
 *   <li>the same model gives the same bytes, on any machine, at any time.
 * </ul>
 *
 * <p>May use {@code model} and what is below it; never a topic, a broker or a clock.
 */
@NullMarked
package dev.sluice.artifact;

import org.jspecify.annotations.NullMarked;
