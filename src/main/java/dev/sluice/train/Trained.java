package dev.sluice.train;

import dev.sluice.model.Model;

/**
 * What training came to.
 *
 * @param model with the weights of the best epoch
 * @param split where the history was cut
 * @param training the model on the part it learned from
 * @param validation the model on the part it did not see
 * @param baselineNats what the distribution of the training part alone would score there
 * @param epochs how many were gone through
 * @param bestEpoch after which the model was best; 0 where no epoch made it better
 * @param parameters how many numbers were learned
 */
public record Trained(
    Model model,
    Split split,
    Evaluation training,
    Evaluation validation,
    double baselineNats,
    int epochs,
    int bestEpoch,
    long parameters) {}
