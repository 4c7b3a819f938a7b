package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node id that a process in recorded mode reserves batches on, and in whose name it does: one that its callers name and
 * any process may use, or one of the process' own.
 *
 * <p>Not thread-safe, apart from {@link #node}.
 */
sealed interface NodeClaim permits NamedNode, OwnNode {

    /** Returns the node id; empty while none is held. */
    OptionalInt node();

    /** Returns the node ids that are to be looked at. */
    NodeIdRange concerned();

    /** Tells whether those are to choose from. */
    boolean choosing();

    /** Tells whether a view that has the record of the node id shows that it is not for this process any more. */
    boolean lost(StoreView view);

    /** Returns the lowest position at which a batch may start, the mark apart: above what this process has reserved before. */
    long lowestStart();

    /** Takes note of a batch that was reserved. */
    void reserved(long end);

    /** Returns the record of a batch, or of none, where the two positions are the same. */
    NodeRecord record(Optional<Stored<NodeRecord>> before, long start, long end);
}
