package io.snowline.server.issuing;

import io.snowline.id.IdRange;

/**
 * A request for positions in a row, and the callbacks for the answer: exactly one of {@link #issued}, {@link #refused}
 * and {@link #failed} is called once, by the thread that has the answer.
 *
 * <p>Not thread-safe; one thread hands it over to the next.
 */
public abstract class RangeOrder extends Order {

    private final int atMost;

    /**
     * Makes an order.
     *
     * @param atMost how many positions at most
     */
    protected RangeOrder(int atMost) {
        this.atMost = atMost;
    }

    /** Returns how many positions at most. */
    protected final int atMost() {
        return atMost;
    }

    /** Takes the range. */
    protected abstract void issued(IdRange range);
}
