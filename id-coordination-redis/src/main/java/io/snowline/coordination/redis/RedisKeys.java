package io.snowline.coordination.redis;

import io.snowline.coordination.support.Names;
import java.util.OptionalInt;

/**
 * The keys and fields of a namespace in Redis. The namespace is the keys' hash tag, so that in a Cluster they all lie
 * in one slot.
 */
record RedisKeys(String namespace) {

    static final String NAMESPACE_FIELD = "namespace";

    private static final String NODE_FIELD = "node:";

    RedisKeys {
        Names.requireNamespace(namespace);
    }

    /**
     * Returns the key of the hash that holds all records of the namespace: losing part of it means losing all of it.
     */
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

    /** Returns the node id that a field belongs to; empty if the field is not a node's. */
    static OptionalInt nodeOf(String field) {
        return field.startsWith(NODE_FIELD) ? Names.node(field.substring(NODE_FIELD.length())) : OptionalInt.empty();
    }
}
