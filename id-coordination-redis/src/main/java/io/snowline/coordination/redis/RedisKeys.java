package io.snowline.coordination.redis;

import io.snowline.coordination.NamespaceSpec;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys and fields that a namespace has in Redis. The namespace is the keys' hash tag, so that in a Cluster all of
 * them lie in one slot.
 */
record RedisKeys(String namespace) {

    static final String NAMESPACE_FIELD = "namespace";

    private static final Pattern NODE_FIELD = Pattern.compile("node:(0|[1-9][0-9]{0,9})");
    private static final Pattern LOCK_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    RedisKeys {
        NamespaceSpec.requireName(namespace);
    }

    /** Returns the key of the hash that holds every record of the namespace: to lose part of it is to lose all of it. */
    String records() {
        return "id_gen:{" + namespace + "}";
    }

    String ledger(long id) {
        return records() + ":" + id;
    }

    String lock(String name) {
        if (!LOCK_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "lock name must be 1 to 64 letters, digits, '.', '_' or '-', got '" + name + "'");
        }
        return "id_gen_lock:{" + namespace + "}:" + name;
    }

    static String nodeField(int node) {
        return "node:" + node;
    }

    /** Returns the node id that a field is of; empty if it is no node's field. */
    static OptionalInt nodeOf(String field) {
        Matcher matcher = NODE_FIELD.matcher(field);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        long node = Long.parseLong(matcher.group(1));
        return node <= Integer.MAX_VALUE ? OptionalInt.of((int) node) : OptionalInt.empty();
    }
}
