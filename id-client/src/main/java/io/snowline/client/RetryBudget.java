package io.snowline.client;

/**
 * How many requests may be sent again: ten, and one for every ten that succeed, but never more than ten in reserve. So
 * servers that are all down get hardly more requests than healthy ones.
 *
 * <p>Not thread-safe.
 */
final class RetryBudget {

    private static final int WHOLE = 10;
    private static final int MOST = 10 * WHOLE;

    private int tenths = MOST;

    void succeeded() {
        tenths = Math.min(MOST, tenths + 1);
    }

    /** Tells whether one more request may be sent again, and counts it. */
    boolean spend() {
        if (tenths < WHOLE) {
            return false;
        }
        tenths -= WHOLE;
        return true;
    }
}
