package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
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
 * @param node {@link Slot#none} if the replacement is about no node id
 */
record Sight(Slot<NamespaceRecord> namespace, Slot<NodeRecord> node) {

    /** ZooKeeper has no text that changes when it may have lost something: acknowledged is on a majority's disks. */
    static final String IDENTITY = "";

    static CompletableFuture<List<OpResult>> send(Conversation conversation, Znodes znodes, Replacement step) {
        List<Op> reads = new ArrayList<>();
        reads.add(Op.getData(znodes.record()));
        reads.add(Op.getData(znodes.nodes()));
        step.node().ifPresent(change -> reads.add(Op.getData(znodes.node(nodeOf(change)))));
        return conversation.sendReads(reads);
    }

    static Sight of(Slots slots, Replacement step, List<OpResult> results) {
        Slot<NamespaceRecord> namespace = slots.namespace(results.get(0));
        Slot<NodeRecord> node = step.node()
                .map(change -> slots.node(nodeOf(change), results.get(2)))
                .orElseGet(Slot::none);
        slots.requireWhole(namespace, results.get(1));
        return new Sight(namespace, node);
    }

    /** Tells whether everything is as a replacement expects: the values themselves, and the versions. */
    boolean fits(Replacement step) {
        return step.identity().equals(IDENTITY)
                && namespace.stored().equals(step.expected())
                && node.stored().equals(step.node().flatMap(NodeChange::expected));
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
