package io.snowline.audit;

/**
 * A likely cause of some of the duplicates.
 *
 * <p>Immutable and thread-safe.
 *
 * @param cause the cause
 * @param suspects where the duplicates come from
 * @param pairs how many times an ID was repeated that way
 * @param example one of the duplicates
 */
record LikelyCause(Cause cause, DuplicateOrigin suspects, long pairs, Duplicate example) {}
