package io.snowline.coordination.zookeeper;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.zookeeper.Conversation.Timed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.GetChildrenResult;

/**
 * Reads the records of a namespace. This takes several requests, between which another process may write; but a step
 * that writes more than one record also writes the namespace's, and then the records are read again from the start.
 */
final class NamespaceReader {

    /** This many node records, each of at most 800 bytes with all that ZooKeeper adds, fit into an answer of 1 MiB. */
    private static final int NODES_PER_REQUEST = 500;

    private static final int ATTEMPTS = 20;

    private final Conversation conversation;
    private final Znodes znodes;
    private final ZnodeReader slots;
    private final Traces traces;

    NamespaceReader(Conversation conversation, Znodes znodes, Traces traces) {
        this.conversation = conversation;
        this.znodes = znodes;
        this.slots = new ZnodeReader(conversation.backend(), znodes);
        this.traces = traces;
    }

    /** Reads every record. */
    StoreView read() throws KeeperException {
        return read(Optional.empty());
    }

    /** Reads the namespace record and those of a few node ids, without asking for the names of all of them. */
    StoreView read(NodeIdRange part) throws KeeperException {
        return part.size() > NODES_PER_REQUEST ? read() : read(Optional.of(part));
    }

    private StoreView read(Optional<NodeIdRange> part) throws KeeperException {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoreView> view = tryRead(part);
            if (view.isPresent()) {
                return view.get();
            }
        }
        throw new CoordinatorUnavailableException(
                "the znodes of namespace '%s' of %s change faster than they can be read"
                        .formatted(znodes.namespace(), conversation.backend()));
    }

    private Optional<StoreView> tryRead(Optional<NodeIdRange> part) throws KeeperException {
        List<Op> heads = new ArrayList<>(
                List.of(Op.getData(znodes.nodes()), Op.getData(znodes.record()), Op.getData(znodes.trace())));
        if (part.isEmpty()) {
            heads.add(Op.getChildren(znodes.nodes()));
        }
        Timed<List<OpResult>> outline = conversation.clockThen(talk -> talk.sendReads(heads));
        StoredZnode<NamespaceRecord> namespace = slots.namespace(outline.value().get(1));
        slots.requireWhole(namespace, outline.value().get(0));
        TraceSlot trace = traces.of(slots, outline.value().get(2), conversation.failures());
        List<Integer> ids = part.map(NamespaceReader::nodesOf)
                .orElseGet(() -> children(outline.value().get(3)).stream()
                        .map(slots::nodeOf)
                        .toList());
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        for (int from = 0; from < ids.size(); from += NODES_PER_REQUEST) {
            List<Integer> some = ids.subList(from, Math.min(ids.size(), from + NODES_PER_REQUEST));
            if (!readNodes(some, part.isEmpty(), namespace, nodes)) {
                return Optional.empty();
            }
        }
        return Optional.of(new StoreView(
                namespace.stored(), nodes, ZnodesSeen.IDENTITY, Optional.of(outline.time()), trace.trace()));
    }

    private static List<Integer> nodesOf(NodeIdRange part) {
        return IntStream.rangeClosed(part.first(), part.last()).boxed().toList();
    }

    private List<String> children(OpResult result) {
        return result instanceof GetChildrenResult names ? names.getChildren() : List.of();
    }

    /** Reads node records; false if the namespace record has changed meanwhile, or a znode that was listed is gone. */
    private boolean readNodes(
            List<Integer> ids,
            boolean named,
            StoredZnode<NamespaceRecord> namespace,
            Map<Integer, Stored<NodeRecord>> nodes)
            throws KeeperException {
        List<Op> reads = new ArrayList<>();
        for (int id : ids) {
            reads.add(Op.getData(znodes.node(id)));
        }
        reads.add(Op.getData(znodes.record()));
        List<OpResult> results = conversation.readAll(reads);
        if (slots.namespace(results.get(ids.size())).changedAt() != namespace.changedAt()) {
            return false;
        }
        for (int i = 0; i < ids.size(); i++) {
            StoredZnode<NodeRecord> slot = slots.node(ids.get(i), results.get(i));
            if (named && !slot.hasZnode()) {
                return false;
            }
            slot.stored().ifPresent(stored -> nodes.put(stored.record().node(), stored));
        }
        return true;
    }
}
