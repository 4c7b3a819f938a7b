package io.snowline.coordination.etcd;

import io.etcd.jetcd.ByteSequence;
import io.snowline.coordination.support.Names;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;

/**
 * The keys of a namespace in etcd. Names of namespaces begin with a letter or digit and contain no slash, so that they
 * never collide with the store's own key, which begins with a dot, or with the keys of other namespaces.
 *
 * <p>Traces lie where deleting all keys that begin with the prefix, or with a part of it, does not reach them.
 *
 * @param prefix the beginning of every key but the trace's, without the slash that follows
 */
record EtcdKeys(String prefix, String namespace) {

    private static final String TRACES = "/.snowline-trace";

    EtcdKeys {
        Names.requireNamespace(namespace);
    }

    /** Returns the key of the store's identity, which all namespaces share. */
    static String identity(String prefix) {
        return prefix + "/.identity";
    }

    /** Returns the common beginning of the keys of all traces. */
    static String traces(String prefix) {
        return TRACES + prefix + "/";
    }

    /**
     * Makes sure that no key of a prefix is the key of a trace, and that deleting all keys of the prefix leaves the
     * traces.
     *
     * @throws IllegalArgumentException if that is not so
     */
    static void requireApartFromTraces(String prefix) {
        if (prefix.startsWith(TRACES) || TRACES.startsWith(prefix)) {
            throw new IllegalArgumentException(
                    "prefix must not begin with '%s', nor be the beginning of it, since traces are kept there, got '%s'"
                            .formatted(TRACES, prefix));
        }
    }

    String trace() {
        return traces(prefix) + namespace;
    }

    String namespaceRecord() {
        return prefix + "/" + namespace;
    }

    /** Returns the common beginning of the keys of all node records. */
    String nodes() {
        return namespaceRecord() + "/nodes/";
    }

    String node(int node) {
        return nodes() + node;
    }

    /** Returns the node id that a key below {@link #nodes} belongs to; empty if the key is not a node's. */
    OptionalInt nodeOf(String key) {
        return Names.node(key.substring(nodes().length()));
    }

    String lock(String name) {
        return namespaceRecord() + "/locks/" + Names.requireLock(name);
    }

    /** Returns the common beginning of the keys of all recorded IDs. */
    String ledger() {
        return namespaceRecord() + "/ids/";
    }

    String ledger(long id) {
        return ledger() + id;
    }

    static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    static String text(ByteSequence bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
