package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The node id on which a process in recorded mode reserves batches, and the owner it is recorded under: either a node
 * id that callers name and any process may use, or one of the process's own.
 *
 * <p>Not thread-safe, apart from {@link #node}.
 */
sealed interface NodeClaim permits NamedNode, OwnNode {

    /** Returns the node id; empty while none is held. */
    OptionalInt node();

    /** Returns the node ids that are to be read. */
    NodeIdRange concerned();

    /** Tells whether those are to be chosen from. */
    boolean choosing();

    /** Tells whether a view that contains the record of the node id shows that it no longer belongs to this process. */
    boolean lost(StoreView view);

    /**
     * Returns the lowest position at which a batch may start, apart from the mark: above everything this process has
     * reserved before.
     */
    long lowestStart();

    /** Notes a batch that was reserved. */
    void reserved(long end);

    /** Returns the record of a batch; of none, if the two positions are equal. */
    NodeRecord record(Optional<Stored<NodeRecord>> before, long start, long end);
}
