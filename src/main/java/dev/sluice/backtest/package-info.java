/**
 * What a detector's scores are worth on labelled history.
 *
 * <p>A detector is judged by its scores alone, one per row, wherever they came from: a run of
 * Sluice over a file, or the published scores of somebody else's detector. So this package needs
 * none of the code that makes scores, and cannot be fooled by it.
 *
 * <p>Read it in the order the data moves:
 *
 * <ol>
 *   <li>{@link dev.sluice.backtest.NabCorpus} reads the Numenta Anomaly Benchmark: {@link
 *       dev.sluice.backtest.NabSeries} with their labelled {@link dev.sluice.backtest.Window}s;
 *   <li>{@link dev.sluice.backtest.NabInput} writes it as one stream of events to score;
 *   <li>{@link dev.sluice.backtest.NabScores} reads the scores back, one per row;
 *   <li>{@link dev.sluice.backtest.NabCredit} says what a detection at each row is worth, {@link
 *       dev.sluice.backtest.NabProfile} how the kinds of error are weighed;
 *   <li>{@link dev.sluice.backtest.NabScorer} applies a threshold, or finds the best one, and gives
 *       a {@link dev.sluice.backtest.NabResult} or, with the threshold chosen on other files, a
 *       {@link dev.sluice.backtest.NabHeldOut};
 *   <li>{@link dev.sluice.backtest.NabReport} prints them.
 * </ol>
 *
 * <p>{@link dev.sluice.backtest.Detection} is the same question in everyday terms (precision,
 * recall, delay, alerts a day), for any labelled series. {@link dev.sluice.backtest.LabelFile}
 * reads the {@link dev.sluice.backtest.Labels} of anybody's data, {@link
 * dev.sluice.backtest.Scored} compares what was scored with them, and {@link
 * dev.sluice.backtest.BacktestReport} prints it; {@link dev.sluice.backtest.Chart} draws one key.
 *
 * <p>It may use the packages of the layers up to {@code river}; it uses {@code event}, to read
 * labels as events are read.
 */
@NullMarked
package dev.sluice.backtest;

import org.jspecify.annotations.NullMarked;
