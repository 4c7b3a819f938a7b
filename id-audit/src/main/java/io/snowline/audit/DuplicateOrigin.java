package io.snowline.audit;

/**
 * Where duplicates of one kind come from: the node id and the two inputs, which may be the same.
 *
 * <p>Immutable and thread-safe.
 *
 * @param node the node id of the IDs
 * @param earlier the index of the input that was read first
 * @param later the index of the input that was read later
 */
record DuplicateOrigin(int node, int earlier, int later) {

    boolean sameInput() {
        return earlier == later;
    }
}
