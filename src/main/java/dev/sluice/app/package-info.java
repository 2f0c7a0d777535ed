/**
 * The command line: wiring, life and death of the process.
 *
 * <p>{@link dev.sluice.app.Main} names the commands, each of which is a class. A user's mistake
 * ends as one line on standard error and exit code 1 (or 2 for a misuse of the command line), never
 * as a stack trace: {@link dev.sluice.app.Complaint}.
 *
 * <p>May use every other package.
 */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
