package io.snowline.lease;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A node id named by callers. Any process may use it, so its current owner, if any, stays its owner. Not thread-safe.
 */
final class NamedNode implements NodeClaim {

    private final int node;
    private final String label;
    private final Tokens tokens;

    NamedNode(int node, String label, Tokens tokens) {
        this.node = node;
        this.label = label;
        this.tokens = tokens;
    }

    @Override
    public OptionalInt node() {
        return OptionalInt.of(node);
    }

    @Override
    public NodeIdRange concerned() {
        return new NodeIdRange(node, node);
    }

    @Override
    public boolean choosing() {
        return false;
    }

    @Override
    public boolean lost(StoreView view) {
        return false;
    }

    @Override
    public long lowestStart() {
        return 0;
    }

    @Override
    public void reserved(long end) {
        // only the mark counts
    }

    @Override
    public NodeRecord record(Optional<Stored<NodeRecord>> before, long start, long end) {
        Optional<NodeRecord> owned = before.map(Stored::record).filter(record -> !record.released());
        return new NodeRecord(
                node,
                tokens.next(),
                owned.map(NodeRecord::owner).orElse(""),
                owned.map(NodeRecord::label).orElse(label),
                start,
                end);
    }
}
