package io.snowline.coordination.etcd;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.kv.GetResponse;
import io.etcd.jetcd.kv.TxnResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Atomic steps over etcd, each one transaction and one round trip: it compares identity, namespace record and node
 * record, and returns what is there, whichever branch it takes. A record is compared by its mod revision and by its
 * value, since a restored store may reach the same revision a second time. Nothing here depends on a lease, a watch or
 * a clock.
 * <p>A step that makes a namespace also compares and writes its trace. So such a step is refused if it was delayed
 * while another process made the namespace, and the namespace was deleted.
 *
 * <p>Thread-safe.
 */
final class EtcdCoordinator implements NodeCoordinator {

    private static final int ATTEMPTS = 4;

    /** The most keys in one transaction; etcd refuses more than 128 operations, unless it is configured otherwise. */
    private static final int MOST_KEYS = 100;

    private static final GetOption BELOW = GetOption.builder().isPrefix(true).build();

    private final EtcdBackend backend;
    private final String prefix;
    private final long maxRecordedIds;
    private final IdentityKeeper identity;
    private final EtcdTraces traces;
    private final SharedLeases leases;
    private final Map<String, LedgerBound> bounds = new ConcurrentHashMap<>();

    EtcdCoordinator(EtcdBackend backend, String prefix, long maxRecordedIds) {
        this.backend = backend;
        this.prefix = prefix;
        this.maxRecordedIds = maxRecordedIds;
        this.identity = new IdentityKeeper(backend, prefix);
        this.traces = new EtcdTraces(backend, prefix);
        this.leases = new SharedLeases(backend);
    }

    @Override
    public StoreView read(String namespace) {
        EtcdKeys keys = keys(namespace);
        return read(keys, List.of(Op.get(EtcdKeys.bytes(keys.nodes()), BELOW)));
    }

    @Override
    public StoreView read(String namespace, NodeIdRange part) {
        if (part.size() > MOST_KEYS) {
            return read(namespace);
        }
        EtcdKeys keys = keys(namespace);
        return read(
                keys,
                IntStream.rangeClosed(part.first(), part.last())
                        .mapToObj(node -> get(keys.node(node)))
                        .toList());
    }

    private StoreView read(EtcdKeys keys, List<Op> nodes) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<StoreView> view = tryRead(keys, nodes);
            if (view.isPresent()) {
                return view.get();
            }
        }
        throw new CoordinatorUnavailableException(
                "the identity of %s changes faster than it can be read; do all endpoints belong to one cluster?"
                        .formatted(backend));
    }

    private Optional<StoreView> tryRead(EtcdKeys keys, List<Op> nodes) {
        IdentityKeeper.Seen before = identity.seen();
        List<Op> gets = new ArrayList<>(List.of(identity.get(), get(keys.namespaceRecord())));
        gets.addAll(nodes);
        EtcdTraces.Reading read = traces.read(keys, gets);
        List<GetResponse> found = read.found();
        List<KeyValue> entries = found.stream()
                .skip(2)
                .flatMap(response -> response.getKvs().stream())
                .toList();
        return identity.settle(first(found.get(0)), read.header(), before).map(settled -> {
            Optional<Stored<NamespaceRecord>> namespace = first(found.get(1)).map(EtcdRecords::namespace);
            boolean forgotten = namespace.isEmpty() && identity.mayHaveForgotten(settled.toString());
            return new StoreView(
                    namespace,
                    EtcdRecords.nodes(keys, entries),
                    settled.toString(),
                    Optional.empty(),
                    forgotten && read.trace().equals(Trace.NONE) ? Trace.UNKNOWN : read.trace());
        });
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        EtcdKeys keys = keys(namespace);
        IdentityKeeper.Seen before = identity.seen();
        List<Op> gets = new ArrayList<>(List.of(identity.get(), get(keys.namespaceRecord())));
        step.node().ifPresent(change -> gets.add(get(keys.node(change.next().node()))));
        Trace trace = expectedTrace(step);
        List<Op> then = writes(keys, step, trace);
        then.addAll(gets);
        TxnResponse answer = transact(keys, trace, conditions(keys, step, trace), then, gets);
        List<GetResponse> found = answer.getGetResponses();
        StoreIdentity now = identity.requireWhole(first(found.get(0)), answer.getHeader(), before);
        Map<Integer, Stored<NodeRecord>> nodes = found.size() < 3
                ? Map.of()
                : EtcdRecords.nodes(keys, found.get(2).getKvs());
        StoreView view =
                new StoreView(first(found.get(1)).map(EtcdRecords::namespace), nodes, now.toString(), Optional.empty());
        return new Replaced(answer.isSucceeded(), view);
    }

    /**
     * Returns the trace that a step must find. The trace of a namespace that the store may have forgotten is reported
     * as unknown, although there is none: the step that makes the namespace writes one, and must find none.
     */
    private Trace expectedTrace(Replacement step) {
        boolean makesForgotten = step.namespace().isPresent()
                && step.expected().isEmpty()
                && step.trace().equals(Trace.UNKNOWN)
                && identity.mayHaveForgotten(step.identity());
        return makesForgotten && traces.usable() ? Trace.NONE : step.trace();
    }

    private TxnResponse transact(EtcdKeys keys, Trace trace, List<Cmp> conditions, List<Op> then, List<Op> otherwise) {
        try {
            return backend.transact(conditions, then, otherwise);
        } catch (CoordinatorUnavailableException e) {
            throw !trace.equals(Trace.UNKNOWN) && EtcdFailures.isDenied(e) ? traces.denied(keys, e) : e;
        }
    }

    private List<Cmp> conditions(EtcdKeys keys, Replacement step, Trace trace) {
        List<Cmp> conditions = new ArrayList<>();
        conditions.add(identity.is(step.identity()));
        String namespaceKey = keys.namespaceRecord();
        step.expected()
                .ifPresentOrElse(
                        expected -> addUnchanged(
                                conditions, namespaceKey, expected.record().encode(), expected.revision()),
                        () -> conditions.add(absent(namespaceKey)));
        step.node().ifPresent(change -> addNodeConditions(conditions, keys, change));
        if (!trace.equals(Trace.UNKNOWN)) {
            conditions.add(EtcdTraces.is(keys, trace));
        }
        return conditions;
    }

    private static void addNodeConditions(List<Cmp> conditions, EtcdKeys keys, NodeChange change) {
        String key = keys.node(change.next().node());
        change.expected()
                .ifPresentOrElse(
                        expected ->
                                addUnchanged(conditions, key, expected.record().encode(), expected.revision()),
                        () -> conditions.add(absent(key)));
    }

    private static void addUnchanged(List<Cmp> conditions, String key, String value, long revision) {
        ByteSequence bytes = EtcdKeys.bytes(key);
        conditions.add(new Cmp(bytes, Cmp.Op.EQUAL, CmpTarget.modRevision(revision)));
        conditions.add(new Cmp(bytes, Cmp.Op.EQUAL, CmpTarget.value(EtcdKeys.bytes(value))));
    }

    private static Cmp absent(String key) {
        return new Cmp(EtcdKeys.bytes(key), Cmp.Op.EQUAL, CmpTarget.version(0));
    }

    private static List<Op> writes(EtcdKeys keys, Replacement step, Trace trace) {
        List<Op> writes = new ArrayList<>();
        step.namespace().ifPresent(record -> {
            writes.add(put(keys.namespaceRecord(), record.encode()));
            if (!trace.equals(Trace.UNKNOWN)) {
                writes.add(EtcdTraces.leave(keys, record.token()));
            }
        });
        step.node().map(NodeChange::next).ifPresent(next -> writes.add(put(keys.node(next.node()), next.encode())));
        return writes;
    }

    private static Op put(String key, String text) {
        return Op.put(EtcdKeys.bytes(key), EtcdKeys.bytes(text), PutOption.DEFAULT);
    }

    private static Op get(String key) {
        return Op.get(EtcdKeys.bytes(key), GetOption.DEFAULT);
    }

    private static Optional<KeyValue> first(GetResponse found) {
        return found.getKvs().stream().findFirst();
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new EtcdLock(backend, leases, keys(namespace).lock(name));
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        EtcdKeys keys = keys(namespace);
        LedgerBound bound = bounds.computeIfAbsent(namespace, name -> new LedgerBound(maxRecordedIds));
        return Optional.of(new EtcdLedger(backend, leases, keys, bound));
    }

    @Override
    public List<String> advisories() {
        return new EtcdAdvice(backend, prefix).get();
    }

    private EtcdKeys keys(String namespace) {
        return new EtcdKeys(prefix, namespace);
    }

    @Override
    public void close() {
        backend.close();
    }

    @Override
    public String toString() {
        return backend.toString();
    }
}
