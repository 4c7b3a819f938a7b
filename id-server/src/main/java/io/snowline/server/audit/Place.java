package io.snowline.server.audit;

/**
 * Where an ID stands.
 *
 * <p>Immutable; threads may share it.
 *
 * @param input the index of the input
 * @param index how many IDs stand before it in that input
 */
record Place(int input, long index) {}
