/**
 * Topology files as records: what a user writes to have a stream scored, read strictly.
 *
 * <p>A record that exists is valid: every section is one record whose compact constructor checks
 * it, and {@link dev.sluice.config.Topology} checks what concerns several sections. So no other
 * package checks configuration, and a program may build the records by hand as safely as from a
 * file. Nothing is null: what the file leaves out has been filled in from {@link
 * dev.sluice.config.Defaults} before a record is made.
 *
 * <p>Reading order:
 *
 * <ol>
 *   <li>{@link dev.sluice.config.Topology} and the records it holds: the vocabulary;
 *   <li>{@link dev.sluice.config.TopologyFile}, the door, and {@link
 *       dev.sluice.config.TopologyException}, what comes out when something is wrong;
 *   <li>{@code YamlReader} (text to {@code Node}s that know their line and column, {@code
 *       ${VARIABLES}} filled in), {@code Binder} and {@code Section} (nodes to records);
 *   <li>{@code Check} and {@code CrossRules}: the rules and their words.
 * </ol>
 *
 * <p>Rules of this package, each held by a test:
 *
 * <ul>
 *   <li>every mistake is one line with file, line, column, path, what was found and what to write;
 *       all mistakes of a file are reported together;
 *   <li>{@code dev/sluice/topology.schema.json}, which serves editors, accepts and refuses what the
 *       parser accepts and refuses, as far as a schema can tell;
 *   <li>the value of a secret Kafka property appears in no message and no {@code toString}.
 * </ul>
 *
 * <p>Uses no other package of Sluice. SnakeYAML is seen by {@code YamlReader} alone.
 */
@NullMarked
package dev.sluice.config;

import org.jspecify.annotations.NullMarked;
