package io.snowline.server.issuing;

import java.util.OptionalInt;

/**
 * A request for IDs, and the callbacks for the answer: exactly one of {@link #issued}, {@link #refused} and
 * {@link #failed} is called once, by the thread that has the answer.
 *
 * <p>Not thread-safe; one thread hands it over to the next.
 */
public abstract class IdOrder extends Order {

    private final int count;
    private final OptionalInt node;

    /**
     * Makes an order.
     *
     * @param count how many
     * @param node the node id to issue them for, in recorded mode; empty for the configured one, or the server's own
     */
    protected IdOrder(int count, OptionalInt node) {
        this.count = count;
        this.node = node;
    }

    /** Returns how many IDs are asked for. */
    public final int count() {
        return count;
    }

    final OptionalInt node() {
        return node;
    }

    /**
     * Takes the IDs.
     *
     * @param ids has them at its beginning, and belongs to the issuer again after the call
     */
    protected abstract void issued(long[] ids);
}
