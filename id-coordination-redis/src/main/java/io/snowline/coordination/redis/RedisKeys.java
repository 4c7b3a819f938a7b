package io.snowline.coordination.redis;

import io.snowline.coordination.support.Names;
import java.util.OptionalInt;

/**
 * The keys and fields that a namespace has in Redis. The namespace is the keys' hash tag, so that in a Cluster all of
 * them lie in one slot.
 */
record RedisKeys(String namespace) {

    static final String NAMESPACE_FIELD = "namespace";

    private static final String NODE_FIELD = "node:";

    RedisKeys {
        Names.requireNamespace(namespace);
    }

    /** Returns the key of the hash that holds every record of the namespace: to lose part of it is to lose all of it. */
    String records() {
        return "id_gen:{" + namespace + "}";
    }

    String ledger(long id) {
        return records() + ":" + id;
    }

    String lock(String name) {
        return "id_gen_lock:{" + namespace + "}:" + Names.requireLock(name);
    }

    static String nodeField(int node) {
        return NODE_FIELD + node;
    }

    /** Returns the node id that a field is of; empty if it is no node's field. */
    static OptionalInt nodeOf(String field) {
        return field.startsWith(NODE_FIELD) ? Names.node(field.substring(NODE_FIELD.length())) : OptionalInt.empty();
    }
}
