package io.snowline.coordination.zookeeper;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.OpResult.ErrorResult;

/**
 * The namespaces whose traces this process may not read or not write. A refusal is logged once and not tried again:
 * from then on, the namespace has no trace for this process.
 *
 * <p>Thread-safe.
 */
final class Traces {

    private static final System.Logger LOG = System.getLogger(Traces.class.getName());

    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    /** Returns what a read of a namespace's trace has shown. */
    TraceSlot of(ZnodeReader slots, OpResult result, ZooKeeperFailures failures) {
        Znodes znodes = slots.znodes();
        if (result instanceof ErrorResult error && isNoAuth(error)) {
            refuse(znodes, znodes.trace(), failures);
        }
        return refused.contains(znodes.namespace()) ? TraceSlot.UNKNOWN : slots.trace(result);
    }

    /** Goes on without a namespace's trace. */
    void refuse(Znodes znodes, String path, ZooKeeperFailures failures) {
        if (refused.add(znodes.namespace())) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "no trace of namespace '%s' can be kept: %s. Until this process may and is started again, the namespace counts as lost, not as new, when it is not there"
                            .formatted(znodes.namespace(), failures.noPermission(path)));
        }
    }

    /** Tells whether an error is the refusal of a trace, which counts as an answer. */
    static boolean isRefusal(Op read, ErrorResult error) {
        return isNoAuth(error) && Znodes.isTrace(read.getPath());
    }

    private static boolean isNoAuth(ErrorResult error) {
        return error.getErr() == Code.NOAUTH.intValue();
    }
}
