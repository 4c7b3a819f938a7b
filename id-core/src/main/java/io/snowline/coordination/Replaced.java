package io.snowline.coordination;

/**
 * The answer to a {@link Replacement}.
 *
 * <p>Immutable and thread-safe.
 *
 * @param applied whether the replacement was written; if not, nothing was
 * @param view the backend's state after the step: the namespace record and the record of the node id concerned
 */
public record Replaced(boolean applied, StoreView view) {}
