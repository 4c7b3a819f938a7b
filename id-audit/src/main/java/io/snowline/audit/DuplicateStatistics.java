package io.snowline.audit;

/**
 * What is known about the duplicates of one node id in two inputs.
 *
 * <p>Immutable and thread-safe.
 *
 * @param pairs how many times an ID was repeated
 * @param acrossStep how many of them have the node id's largest step back in that input between them
 * @param latest the greatest ID among them
 * @param example the first of them
 */
record DuplicateStatistics(long pairs, long acrossStep, long latest, Duplicate example) {

    /** Returns what the first pair shows. */
    static DuplicateStatistics of(Duplicate pair, boolean across) {
        return new DuplicateStatistics(1, across ? 1 : 0, pair.id(), pair);
    }

    /** Returns what is known with one pair more. The IDs must come in order. */
    DuplicateStatistics with(Duplicate pair, boolean across) {
        return new DuplicateStatistics(pairs + 1, acrossStep + (across ? 1 : 0), pair.id(), example);
    }
}
