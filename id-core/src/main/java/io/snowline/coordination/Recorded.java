package io.snowline.coordination;

/**
 * The answer to {@link NodeCoordinator#replaceAndRecord}.
 *
 * <p>Not safe for use by many threads: the array is the caller's.
 *
 * @param replaced what came of the replacement
 * @param refused the IDs that were recorded before; none if the replacement was not applied
 */
@SuppressWarnings("ArrayRecordComponent") // handed from one method to the next, and never compared
public record Recorded(Replaced replaced, long[] refused) {}
