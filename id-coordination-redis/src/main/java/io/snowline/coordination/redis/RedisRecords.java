package io.snowline.coordination.redis;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the contents of a namespace's hash.
 *
 * @param key the hash's key
 */
record RedisRecords(String key) {

    /** Reads the whole hash. */
    StoreView view(ScriptReply hash, String identity, Instant time) {
        Optional<Stored<NamespaceRecord>> namespace = Optional.empty();
        Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
        for (int i = 0; i < hash.size(); i += 2) {
            String field = hash.text(i);
            String text = hash.text(i + 1);
            if (field.equals(RedisKeys.NAMESPACE_FIELD)) {
                namespace = Optional.of(namespace(text));
            } else {
                Stored<NodeRecord> node = node(field, text);
                nodes.put(node.record().node(), node);
            }
        }
        return new StoreView(namespace, nodes, identity, Optional.of(time));
    }

    Stored<NamespaceRecord> namespace(String text) {
        return new Stored<>(parse(RedisKeys.NAMESPACE_FIELD, text, NamespaceRecord::parse), 0);
    }

    Stored<NodeRecord> node(String field, String text) {
        OptionalInt node = RedisKeys.nodeOf(field);
        if (node.isEmpty()) {
            throw new UnreadableRecordException(
                    "the hash %s in Redis has a field that is not Snowline's: '%s'".formatted(key, quote(field)));
        }
        NodeRecord record = parse(field, text, NodeRecord::parse);
        if (record.node() != node.getAsInt()) {
            throw unreadable(field, "it is the record of node id " + record.node(), null);
        }
        return new Stored<>(record, 0);
    }

    private <R> R parse(String field, String text, Function<String, R> parser) {
        try {
            return parser.apply(text);
        } catch (RuntimeException e) {
            throw unreadable(field, String.valueOf(e.getMessage()), e);
        }
    }

    private UnreadableRecordException unreadable(String field, String why, @Nullable RuntimeException cause) {
        String message = "field %s of the hash %s in Redis cannot be read: %s".formatted(field, key, why);
        return cause == null ? new UnreadableRecordException(message) : new UnreadableRecordException(message, cause);
    }

    private static String quote(String text) {
        String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
    }
}
