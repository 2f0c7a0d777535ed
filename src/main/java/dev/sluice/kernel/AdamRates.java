package dev.sluice.kernel;

/**
 * The numbers of one step of Adam with decoupled weight decay (Loshchilov and Hutter 2019).
 *
 * @param gradientScale what gradients are multiplied by first, for clipping
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param stepSize learning rate, divided by 1 - beta1^t
 * @param varianceScale 1 / √(1 - beta2^t)
 * @param epsilon added to the root of the mean of squares
 * @param decay learning rate times weight decay
 */
public record AdamRates(
    float gradientScale,
    float beta1,
    float beta2,
    float stepSize,
    float varianceScale,
    float epsilon,
    float decay) {}
