package io.snowline.coordination.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Response;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The traces of namespaces: read, compared and written in the transactions of their records, as far as the login's
 * permissions allow. Where they do not, etcd refuses the whole transaction, and the records are read without the trace.
 *
 * <p>Thread-safe.
 */
final class EtcdTraces {

    private static final System.Logger LOG = System.getLogger(EtcdTraces.class.getName());

    private final EtcdBackend backend;
    private final String prefix;
    private final AtomicReference<Access> access = new AtomicReference<>(Access.FULL);
    private final AtomicBoolean told = new AtomicBoolean();

    EtcdTraces(EtcdBackend backend, String prefix) {
        this.backend = backend;
        this.prefix = prefix;
    }

    /**
     * Reads records, and the trace with them if that is permitted.
     *
     * @throws CoordinatorUnavailableException if the records could not be read
     */
    Reading read(EtcdKeys keys, List<Op> gets) {
        if (access.get() != Access.NO_WRITES) {
            try {
                Reading whole = readWith(keys, gets);
                access.compareAndSet(Access.NO_READS, Access.FULL);
                return whole;
            } catch (CoordinatorUnavailableException e) {
                if (!EtcdFailures.isDenied(e)) {
                    throw e;
                }
            }
        }
        return readWithout(gets);
    }

    private Reading readWith(EtcdKeys keys, List<Op> gets) {
        List<Op> all = new ArrayList<>(gets);
        all.add(Op.get(EtcdKeys.bytes(keys.trace()), GetOption.DEFAULT));
        TxnResponse answer = backend.read(all.toArray(Op[]::new));
        List<GetResponse> found = answer.getGetResponses();
        Trace trace = found.get(gets.size()).getKvs().stream()
                .findFirst()
                .map(EtcdRecords::trace)
                .orElse(Trace.NONE);
        return new Reading(answer.getHeader(), found.subList(0, gets.size()), trace);
    }

    private Reading readWithout(List<Op> gets) {
        try {
            TxnResponse answer = backend.read(gets.toArray(Op[]::new));
            access.compareAndSet(Access.FULL, Access.NO_READS);
            tell();
            return new Reading(answer.getHeader(), answer.getGetResponses(), Trace.UNKNOWN);
        } catch (CoordinatorUnavailableException e) {
            if (EtcdFailures.isDenied(e)) {
                access.set(Access.FULL); // the records themselves were denied, so nothing is known of the traces
            }
            throw e;
        }
    }

    private void tell() {
        if (told.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} does not let this login {1} the keys that begin with ''{2}'': a namespace that is not there counts as lost, not as new; grant it with: etcdctl role grant-permission <role> --prefix=true readwrite {2}",
                    backend,
                    access.get() == Access.NO_WRITES ? "write" : "read",
                    EtcdKeys.traces(prefix));
        }
    }

    /** Tells whether traces can be compared and written, as far as is known. */
    boolean usable() {
        return access.get() == Access.FULL;
    }

    /** Returns the condition that a trace is exactly this one. */
    static Cmp is(EtcdKeys keys, Trace trace) {
        ByteSequence key = EtcdKeys.bytes(keys.trace());
        CmpTarget<?> target =
                trace.kind() == Trace.Kind.NONE ? CmpTarget.version(0) : CmpTarget.value(EtcdKeys.bytes(trace.token()));
        return new Cmp(key, Cmp.Op.EQUAL, target);
    }

    static Op leave(EtcdKeys keys, String token) {
        return Op.put(EtcdKeys.bytes(keys.trace()), EtcdKeys.bytes(token), PutOption.DEFAULT);
    }

    /**
     * Notes that a step with a trace was denied: until this process restarts, records are read and written without
     * traces.
     */
    CoordinatorUnavailableException denied(EtcdKeys keys, CoordinatorUnavailableException denial) {
        access.set(Access.NO_WRITES);
        return new CoordinatorUnavailableException(
                "%s refused to write namespace '%s' and its trace, the key %s; read again to go on without traces"
                        .formatted(backend, keys.namespace(), keys.trace()),
                denial);
    }

    /**
     * The result of a read.
     *
     * @param found the result of each of the reads
     * @param trace the trace; unknown if the login may not read it
     */
    record Reading(Response.Header header, List<GetResponse> found, Trace trace) {}

    private enum Access {
        FULL,
        /** The latest read was denied. */
        NO_READS,
        /** A step was denied, perhaps because of its trace. */
        NO_WRITES
    }
}
