package io.snowline.coordination.zookeeper;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;
import org.apache.zookeeper.OpResult.GetDataResult;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of a namespace's znodes.
 *
 * @param backend the backend's name in messages
 */
record ZnodeReader(String backend, Znodes znodes) {

    /** Reads the namespace's znode, which without data is only the parent of others. */
    StoredZnode<NamespaceRecord> namespace(OpResult result) {
        return result instanceof GetDataResult read && data(read).length > 0
                ? slot(znodes.record(), RecordKind.NAMESPACE, read)
                : parent(result);
    }

    StoredZnode<NodeRecord> node(int node, OpResult result) {
        if (isMissing(result)) {
            return StoredZnode.none();
        }
        String path = znodes.node(node);
        StoredZnode<NodeRecord> slot = slot(path, RecordKind.NODE, (GetDataResult) result);
        slot.stored().map(Stored::record).map(NodeRecord::node).ifPresent(written -> {
            if (written != node) {
                throw unreadable(path, "it is the record of node id " + written, null);
            }
        });
        return slot;
    }

    /** Returns the node id that a child of the nodes' znode stands for. */
    int nodeOf(String child) {
        OptionalInt node = Znodes.nodeOf(child);
        if (node.isEmpty()) {
            throw unreadable(znodes.nodes() + "/" + child, "its name is no node id", null);
        }
        return node.getAsInt();
    }

    /**
     * Checks that no record was removed from a namespace: a node id whose record is gone would be taken for one that
     * was never used, and its marks would be lost. ZooKeeper's own counters show it. A znode has had as many changes of
     * children as it has children unless some were deleted, and the parent of the node records always exists before the
     * first namespace record.
     *
     * @param nodes the result for the parent of the node records
     * @throws UnreadableRecordException if one was removed
     */
    void requireWhole(StoredZnode<NamespaceRecord> namespace, OpResult nodes) {
        if (!(nodes instanceof GetDataResult read)) {
            if (namespace.stored().isPresent()) {
                throw partlyDeleted();
            }
            return;
        }
        Stat stat = read.getStat();
        boolean made = namespace.stored().isPresent() && stat.getCzxid() > namespace.changedAt();
        if (made || stat.getCversion() != stat.getNumChildren()) {
            throw partlyDeleted();
        }
    }

    private UnreadableRecordException partlyDeleted() {
        return unreadable(
                znodes.nodes(),
                "node records were deleted from it, and with them what was reserved; delete %s as a whole: the namespace then starts again above everything that was reserved"
                        .formatted(znodes.record()),
                null);
    }

    /**
     * Reads the data of the parent of node records.
     *
     * @throws UnreadableRecordException if Snowline did not write it
     */
    Birth birth(OpResult nodes) {
        if (!(nodes instanceof GetDataResult read)) {
            return Birth.NONE;
        }
        Optional<String> text = Optional.of(text(read)).filter(written -> !written.isEmpty());
        OptionalInt version = version(znodes.nodes(), read.getStat());
        return readable(znodes.nodes(), () -> new Birth(text, version));
    }

    /**
     * Reads a trace.
     *
     * @throws UnreadableRecordException if Snowline did not write it
     */
    TraceSlot trace(OpResult result) {
        if (!(result instanceof GetDataResult read)) {
            return TraceSlot.NONE;
        }
        OptionalInt version = version(znodes.trace(), read.getStat());
        return readable(znodes.trace(), () -> new TraceSlot(Trace.leftBy(text(read)), version));
    }

    static boolean isMissing(OpResult result) {
        return result instanceof ErrorResult error && error.getErr() == Code.NONODE.intValue();
    }

    UnreadableRecordException unreadable(String path, String why, @Nullable RuntimeException cause) {
        String message = "znode %s of %s cannot be read: %s".formatted(path, backend, why);
        return cause == null ? new UnreadableRecordException(message) : new UnreadableRecordException(message, cause);
    }

    private StoredZnode<NamespaceRecord> parent(OpResult result) {
        if (!(result instanceof GetDataResult read)) {
            return StoredZnode.none();
        }
        return new StoredZnode<>(
                Optional.empty(),
                version(znodes.record(), read.getStat()),
                read.getStat().getMzxid());
    }

    private <R extends Record> StoredZnode<R> slot(String path, RecordKind<R> kind, GetDataResult read) {
        Stat stat = read.getStat();
        OptionalInt version = version(path, stat);
        Optional<R> record = readable(path, () -> kind.decode(data(read), Instant.ofEpochMilli(stat.getMtime())));
        return new StoredZnode<>(record.map(value -> new Stored<>(value, stat.getVersion())), version, stat.getMzxid());
    }

    private <T> T readable(String path, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (IllegalArgumentException e) {
            throw unreadable(path, String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Returns the data version that a write must still find.
     *
     * @throws UnreadableRecordException if it is the version with which ZooKeeper compares nothing;
     *     {@link Conversation#writes} leaves no znode with it
     */
    OptionalInt version(String path, Stat stat) {
        if (stat.getVersion() == Conversation.ANY_VERSION) {
            throw unreadable(
                    path,
                    "its data version is -1, with which ZooKeeper compares nothing; write its data once more, as it is, by hand",
                    null);
        }
        return OptionalInt.of(stat.getVersion());
    }

    private static String text(GetDataResult read) {
        return new String(data(read), StandardCharsets.UTF_8);
    }

    /** ZooKeeper distinguishes a znode without data from one with zero bytes; here they are the same. */
    static byte[] data(GetDataResult read) {
        byte @Nullable [] data = read.getData();
        return data == null ? new byte[0] : data;
    }
}
