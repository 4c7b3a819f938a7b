package io.snowline.coordination.zookeeper;

import io.snowline.coordination.support.Names;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a namespace's znodes, below the chroot.
 *
 * <pre>
 * /snowline                      nothing
 * /snowline/.clock               nothing; written to in order to learn the time
 * /snowline/&lt;namespace&gt;          the namespace record; empty while there is none
 * /snowline/&lt;namespace&gt;/is-&lt;birth&gt;    nothing; exists with this namespace, and in no other of its name
 * /snowline/&lt;namespace&gt;/nodes         the birth
 * /snowline/&lt;namespace&gt;/nodes/&lt;n&gt;     a node record
 * /snowline/&lt;namespace&gt;/locks/&lt;name&gt;  who holds a lock, and for how long; empty while it is free
 * /snowline-traces/&lt;namespace&gt;   the token of the namespace record that was written last; never deleted
 * </pre>
 */
record Znodes(String namespace) {

    static final String ROOT = "/snowline";

    /** No namespace's name begins with a dot. */
    static final String CLOCK = ROOT + "/.clock";

    /** Lies next to the root, so that deleting the root leaves the traces. */
    static final String TRACES = "/snowline-traces";

    Znodes {
        Names.requireNamespace(namespace);
    }

    /** Returns the path of the namespace record. */
    String record() {
        return ROOT + "/" + namespace;
    }

    String nodes() {
        return record() + "/nodes";
    }

    String node(int node) {
        return nodes() + "/" + node;
    }

    /** Returns the path of the znode that exists as long as the namespace of a birth. */
    String marker(String birth) {
        return record() + "/is-" + birth;
    }

    String trace() {
        return TRACES + "/" + namespace;
    }

    /** Tells whether a path is that of a trace, or of all traces. */
    static boolean isTrace(@Nullable String path) {
        return path != null && (path.equals(TRACES) || path.startsWith(TRACES + "/"));
    }

    String locks() {
        return record() + "/locks";
    }

    String lock(String name) {
        return locks() + "/" + Names.requireLock(name);
    }

    /** Returns the znodes that must exist before a lock can be made, outermost first. */
    List<String> parentsOfLocks() {
        return List.of(ROOT, record(), locks());
    }

    /** Returns the node id that a child of {@link #nodes} belongs to; empty if the child is not a node's. */
    static OptionalInt nodeOf(String child) {
        return Names.node(child);
    }
}
