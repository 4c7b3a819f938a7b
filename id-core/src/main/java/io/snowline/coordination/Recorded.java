package io.snowline.coordination;

/**
 * The answer to {@link NodeCoordinator#replaceAndRecord}.
 *
 * <p>Not thread-safe: the array belongs to the caller.
 *
 * @param replaced the answer to the replacement
 * @param refused the IDs that were already recorded; empty if the replacement was not applied
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, and never compared
public record Recorded(Replaced replaced, long[] refused) {}
