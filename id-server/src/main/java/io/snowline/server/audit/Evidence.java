package io.snowline.server.audit;

/**
 * What is known about the duplicates of one node id in two inputs.
 *
 * <p>Immutable; threads may share it.
 *
 * @param pairs how many times an ID was repeated
 * @param acrossStep how many of them have the node id's largest step back in that input between them
 * @param latest the greatest ID among them
 */
record Evidence(long pairs, long acrossStep, long latest) {

    static final Evidence NONE = new Evidence(0, 0, -1);

    /** Returns what is known with one pair more. The IDs must come in order. */
    Evidence with(long id, boolean across) {
        return new Evidence(pairs + 1, acrossStep + (across ? 1 : 0), id);
    }
}
