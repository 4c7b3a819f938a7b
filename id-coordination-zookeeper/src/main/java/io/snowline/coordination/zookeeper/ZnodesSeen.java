package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * The places that a replacement is about, as they were at one moment.
 *
 * @param birth read first: if its marker exists afterwards, everything else was read from the same namespace
 * @param node {@link StoredZnode#none} if the replacement is about no node id
 * @param trace {@link TraceSlot#UNKNOWN} if the replacement is about no trace
 */
record ZnodesSeen(Birth birth, StoredZnode<NamespaceRecord> namespace, StoredZnode<NodeRecord> node, TraceSlot trace) {

    /**
     * ZooKeeper has no text that changes when it may have lost writes: acknowledged writes are on a majority's disks.
     */
    static final String IDENTITY = "";

    static CompletableFuture<List<OpResult>> send(Conversation conversation, Znodes znodes, Replacement step) {
        List<Op> reads = new ArrayList<>();
        reads.add(Op.getData(znodes.nodes()));
        reads.add(Op.getData(znodes.record()));
        step.node().ifPresent(change -> reads.add(Op.getData(znodes.node(nodeOf(change)))));
        if (isTraced(step)) {
            reads.add(Op.getData(znodes.trace()));
        }
        return conversation.sendReads(reads);
    }

    static ZnodesSeen of(
            ZnodeReader slots, Replacement step, List<OpResult> results, Traces traces, ZooKeeperFailures failures) {
        StoredZnode<NamespaceRecord> namespace = slots.namespace(results.get(1));
        StoredZnode<NodeRecord> node = step.node()
                .map(change -> slots.node(nodeOf(change), results.get(2)))
                .orElseGet(StoredZnode::none);
        TraceSlot trace =
                isTraced(step) ? traces.of(slots, results.get(results.size() - 1), failures) : TraceSlot.UNKNOWN;
        slots.requireWhole(namespace, results.get(0));
        return new ZnodesSeen(slots.birth(results.get(0)), namespace, node, trace);
    }

    /** Tells whether everything is as a replacement expects, values and versions alike. */
    boolean fits(Replacement step) {
        return step.identity().equals(IDENTITY)
                && namespace.stored().equals(step.expected())
                && node.stored().equals(step.node().flatMap(NodeChange::expected))
                && trace.trace().equals(step.trace());
    }

    private static boolean isTraced(Replacement step) {
        return step.trace().kind() != Trace.Kind.UNKNOWN;
    }

    StoreView view(Instant time) {
        return view(namespace.stored(), node.stored(), time);
    }

    static StoreView view(
            Optional<Stored<NamespaceRecord>> namespace, Optional<Stored<NodeRecord>> node, Instant time) {
        Map<Integer, Stored<NodeRecord>> nodes =
                node.map(stored -> Map.of(stored.record().node(), stored)).orElse(Map.of());
        return new StoreView(namespace, nodes, IDENTITY, Optional.of(time));
    }

    private static int nodeOf(NodeChange change) {
        return change.next().node();
    }
}
