package io.snowline.coordination;

/**
 * The answer to a {@link Replacement}.
 *
 * <p>Immutable; threads may share it.
 *
 * @param applied whether it was written; if not, nothing was
 * @param view what the backend holds after the step: the namespace record and the record of the node id concerned
 */
public record Replaced(boolean applied, StoreView view) {}
