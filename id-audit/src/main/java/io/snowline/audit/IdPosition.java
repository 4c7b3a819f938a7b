package io.snowline.audit;

/**
 * Where an ID stands.
 *
 * <p>Immutable and thread-safe.
 *
 * @param input the index of the input
 * @param index how many IDs come before it in that input
 */
record IdPosition(int input, long index) {}
