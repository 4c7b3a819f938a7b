package io.snowline.server.audit;

/**
 * Where duplicates of one kind come from: the node id and the two inputs, which may be one and the same.
 *
 * <p>Immutable; threads may share it.
 *
 * @param node the node id that the IDs carry
 * @param earlier the index of the input that was read first
 * @param later the index of the input that was read later
 */
record Suspects(int node, int earlier, int later) {

    boolean sameInput() {
        return earlier == later;
    }
}
