package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.zookeeper.Conversation.Timed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;

/**
 * Reads every record of a namespace. It takes several requests, between which somebody may write; but whoever writes more
 * than one record in a step also writes the namespace's, and then it is read again from the start.
 */
final class NamespaceReader {

    /** So many node records, of at most 800 bytes each with all that ZooKeeper adds, fit into an answer of 1 MiB. */
    private static final int NODES_PER_REQUEST = 500;

    private static final int ATTEMPTS = 20;

    private final Conversation conversation;
    private final Znodes znodes;
    private final Slots slots;

    NamespaceReader(Conversation conversation, Znodes znodes) {
        this.conversation = conversation;
        this.znodes = znodes;
        this.slots = new Slots(conversation.backend(), znodes);
    }

    StoreView read() throws KeeperException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoreView> view = tryRead();
            if (view.isPresent()) {
                return view.get();
            }
        }
        throw new CoordinatorUnavailableException(
                "the znodes of namespace '%s' of %s change faster than they can be read"
                        .formatted(znodes.namespace(), conversation.backend()));
    }

    private Optional<StoreView> tryRead() throws KeeperException {
        Timed<List<OpResult>> outline = conversation.clockThen(talk -> talk.sendReads(
                List.of(Op.getData(znodes.record()), Op.getData(znodes.nodes()), Op.getChildren(znodes.nodes()))));
        Slot<NamespaceRecord> namespace = slots.namespace(outline.value().get(0));
        slots.requireWhole(namespace, outline.value().get(1));
        List<String> children = children(outline.value().get(2));
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        for (int from = 0; from < children.size(); from += NODES_PER_REQUEST) {
            List<String> some = children.subList(from, Math.min(children.size(), from + NODES_PER_REQUEST));
            if (!readNodes(some, namespace, nodes)) {
                return Optional.empty();
            }
        }
        return Optional.of(new StoreView(namespace.stored(), nodes, Sight.IDENTITY, Optional.of(outline.time())));
    }

    private List<String> children(OpResult result) {
        return result instanceof GetChildrenResult names ? names.getChildren() : List.of();
    }

    /** Reads node records; false if the namespace's own record has changed meanwhile, or a znode is gone. */
    private boolean readNodes(
            List<String> children, Slot<NamespaceRecord> namespace, Map<Integer, Stored<NodeRecord>> nodes)
            throws KeeperException {
        List<Op> reads = new ArrayList<>();
        for (String child : children) {
            reads.add(Op.getData(znodes.node(slots.nodeOf(child))));
        }
        reads.add(Op.getData(znodes.record()));
        List<OpResult> results = conversation.readAll(reads);
        if (slots.namespace(results.get(children.size())).changedAt() != namespace.changedAt()) {
            return false;
        }
        for (int i = 0; i < children.size(); i++) {
            Slot<NodeRecord> slot = slots.node(slots.nodeOf(children.get(i)), results.get(i));
            if (!slot.hasZnode()) {
                return false;
            }
            slot.stored().ifPresent(stored -> nodes.put(stored.record().node(), stored));
        }
        return true;
    }
}
