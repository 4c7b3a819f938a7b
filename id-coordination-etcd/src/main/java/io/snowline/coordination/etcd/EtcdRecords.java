package io.snowline.coordination.etcd;

import io.etcd.jetcd.KeyValue;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of Snowline's keys. Records are compared as texts in etcd, so only a text that is exactly as
 * Snowline would write it is a record.
 */
final class EtcdRecords {

    private EtcdRecords() {}

    static StoreIdentity identity(KeyValue entry) {
        return parse(entry, StoreIdentity::parse);
    }

    static Trace trace(KeyValue entry) {
        return parse(entry, Trace::leftBy);
    }

    static Stored<NamespaceRecord> namespace(KeyValue entry) {
        NamespaceRecord record = parse(entry, NamespaceRecord::parse);
        return new Stored<>(record, entry.getModRevision());
    }

    static Map<Integer, Stored<NodeRecord>> nodes(EtcdKeys keys, List<KeyValue> entries) {
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        for (KeyValue entry : entries) {
            OptionalInt node = keys.nodeOf(key(entry));
            if (node.isEmpty()) {
                throw unreadable(entry, "node ids are numbers", null);
            }
            nodes.put(node.getAsInt(), node(entry, node.getAsInt()));
        }
        return nodes;
    }

    private static Stored<NodeRecord> node(KeyValue entry, int node) {
        NodeRecord record = parse(entry, NodeRecord::parse);
        if (record.node() != node) {
            throw unreadable(entry, "it is the record of node id " + record.node(), null);
        }
        return new Stored<>(record, entry.getModRevision());
    }

    private static <R> R parse(KeyValue entry, Function<String, R> parser) {
        try {
            return parser.apply(EtcdKeys.text(entry.getValue()));
        } catch (RuntimeException e) {
            throw unreadable(entry, String.valueOf(e.getMessage()), e);
        }
    }

    static UnreadableRecordException unreadable(KeyValue entry, String why, @Nullable RuntimeException cause) {
        String message = "key %s in etcd cannot be read: %s".formatted(printable(key(entry)), why);
        return cause == null ? new UnreadableRecordException(message) : new UnreadableRecordException(message, cause);
    }

    private static String key(KeyValue entry) {
        return EtcdKeys.text(entry.getKey());
    }

    private static String printable(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= 160 ? printable : printable.substring(0, 160) + "...";
    }
}
