package io.snowline.id;

import java.util.concurrent.Executor;

/**
 * A taker's request for more IDs than one round takes: it asks for the next part when it has the one before, as a caller does
 * that waits for each.
 *
 * <p>Not thread-safe: one thread hands it to the next.
 */
final class SeveralRounds implements IdTaker {

    private final RecordedNode node;
    private final long[] ids;
    private final Deadline deadline;
    private final Executor executor;
    private final IdTaker taker;
    private int filled;

    SeveralRounds(RecordedNode node, long[] ids, Deadline deadline, Executor executor, IdTaker taker) {
        this.node = node;
        this.ids = ids;
        this.deadline = deadline;
        this.executor = executor;
        this.taker = taker;
    }

    void askForMore() {
        node.ask(Math.min(RecordedNode.LONGEST_ROUND, ids.length - filled), deadline, executor, this);
    }

    @Override
    public void issued(long[] part) {
        System.arraycopy(part, 0, ids, filled, part.length);
        filled += part.length;
        if (filled < ids.length) {
            askForMore();
        } else {
            taker.issued(ids);
        }
    }

    @Override
    public void refused(IdUnavailableException why) {
        taker.refused(why);
    }
}
