package io.snowline.server.audit;

/**
 * Where an ID stands.
 *
 * <p>Immutable and thread-safe.
 *
 * @param input the index of the input
 * @param index how many IDs come before it in that input
 */
record Place(int input, long index) {}
