package io.snowline.coordination.tck;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.Replacement.NodeChange;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Names;
import io.snowline.coordination.support.RecordSet;
import io.snowline.coordination.tck.MapCoordinator.MapLedger;
import io.snowline.coordination.tck.MapCoordinator.MapLock;
import io.snowline.coordination.tck.MapStore.Entry;
import io.snowline.coordination.tck.MapStore.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Coordinators with one mistake each; {@link KitTest} runs the kit on each of them. */
final class BrokenCoordinators {

    /**
     * A mistake in a coordinator.
     *
     * @param rule the number of the rule that it breaks
     * @param features what the coordinator claims to have
     * @param opener opens a coordinator with it
     */
    record Mistake(String rule, String name, Set<Feature> features, Function<MapStore, MapCoordinator> opener) {
        @Override
        public String toString() {
            return name;
        }
    }

    static final List<Mistake> ALL = List.of(
            // ---- C1 ----
            breaking("C1", "BlindWrite", on -> new MapCoordinator(on) {
                @Override
                Replacement asCompared(String namespace, RecordSet there, Replacement step) {
                    return withoutNode(there, step);
                }
            }),
            breaking("C1", "NamespaceNotCompared", on -> new MapCoordinator(on) {
                @Override
                Replacement asCompared(String namespace, RecordSet there, Replacement step) {
                    return step.namespace().isEmpty() ? withoutNamespace(there, step) : step;
                }
            }),
            breaking("C1", "AbsenceNotCompared", on -> new MapCoordinator(on) {
                @Override
                Replacement asCompared(String namespace, RecordSet there, Replacement step) {
                    return expectedNode(step).isEmpty() ? withoutNode(there, step) : step;
                }
            }),
            breaking("C1", "TokensNotCompared", on -> new MapCoordinator(on) {
                @Override
                Replacement asCompared(String namespace, RecordSet there, Replacement step) {
                    boolean alike = expectedNode(step)
                            .map(this::withoutToken)
                            .equals(nodeOf(there, step).map(this::withoutToken));
                    return alike ? withoutNode(there, step) : step;
                }

                private NodeRecord withoutToken(NodeRecord node) {
                    return new NodeRecord(node.node(), "x", node.owner(), node.label(), node.start(), node.end());
                }
            }),
            breaking("C1", "IdentityIgnored", on -> new MapCoordinator(on) {
                @Override
                boolean sameIdentity(Replacement step) {
                    return true;
                }
            }),
            breaking("C1", "RefusedByHalf", on -> new MapCoordinator(on) {
                @Override
                Replacement asCompared(String namespace, RecordSet there, Replacement step) {
                    if (there.matches(withoutNode(there, step))) {
                        step.namespace().ifPresent(record -> store.put(namespaceKey(namespace), record.encode()));
                    }
                    return step;
                }
            }),

            // ---- C2 ----
            breaking("C2", "CheckThenSet", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    store.requireUp();
                    boolean applied = holds(namespace, step);
                    gap();
                    if (applied) {
                        write(namespace, step);
                    }
                    return new Replaced(applied, answer(namespace, step));
                }
            }),
            breaking("C2", "OneHalfAfterTheOther", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    Replaced answer = super.replace(namespace, step);
                    if (answer.applied() && step.namespace().isPresent()) {
                        gap();
                        step.node().ifPresent(change -> writeNode(namespace, change.next()));
                    }
                    return new Replaced(answer.applied(), answer(namespace, step));
                }

                @Override
                void write(String namespace, Replacement step) {
                    super.write(
                            namespace,
                            step.namespace().isEmpty()
                                    ? step
                                    : changed(step, step.expected(), Optional.empty(), step.trace()));
                }
            }),

            // ---- C3 ----
            breaking("C3", "ForgetsOnReopen", on -> {
                on.records.clear();
                return new MapCoordinator(on);
            }),
            breaking("C3", "LowersTheMark", on -> {
                on.records.replaceAll((key, text) -> text.replaceFirst(" end=3000$", " end=2999"));
                return new MapCoordinator(on);
            }),
            breaking("C3", "DeletesWhatWasReleased", on -> new MapCoordinator(on) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    super.writeNode(namespace, node);
                    if (node.released()) {
                        store.records.remove(nodeKey(namespace, node.node()));
                    }
                }
            }),
            breaking("C3", "ExpiresRecords", on -> new MapCoordinator(on) {
                private final Instant opened = store.now();

                @Override
                public void close() {
                    store.locks.put("opened", new Holder("opened", opened));
                }

                @Override
                public StoreView read(String namespace) {
                    Holder before = store.locks.get("opened");
                    if (before != null && store.now().isAfter(before.until().plusSeconds(1))) {
                        store.records.clear();
                    }
                    return super.read(namespace);
                }
            }),

            // ---- C4 ----
            breaking("C4", "RefusesByException", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    Replaced answer = super.replace(namespace, step);
                    if (!answer.applied()) {
                        throw new IllegalStateException("the record has changed");
                    }
                    return answer;
                }
            }),
            breaking("C4", "AnswersWithWhatWasThereBefore", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    StoreView before = answer(namespace, step);
                    return new Replaced(super.replace(namespace, step).applied(), before);
                }
            }),
            breaking("C4", "AnswersWithEverything", on -> new MapCoordinator(on) {
                @Override
                StoreView answer(String namespace, Replacement step) {
                    return records(namespace).view(store.identity(), time(), Trace.UNKNOWN);
                }
            }),
            breaking("C4", "LeavesOutTheLastOfAPart", on -> new MapCoordinator(on) {
                @Override
                public StoreView read(String namespace, NodeIdRange part) {
                    StoreView whole = read(namespace);
                    Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>(whole.nodes());
                    nodes.keySet().removeIf(node -> node < part.first() || node >= part.last());
                    return new StoreView(whole.namespace(), nodes, whole.identity(), whole.time(), whole.trace());
                }
            }),
            breaking("C4", "SaysAppliedAlways", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    return new Replaced(true, super.replace(namespace, step).view());
                }
            }),
            breaking("C4", "HasNoTime", on -> new MapCoordinator(on) {
                @Override
                Optional<Instant> time() {
                    return Optional.empty();
                }
            }),

            // ---- C5 ----
            breaking("C5", "TakesSilenceForNo", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    return store.isUp() ? super.replace(namespace, step) : new Replaced(false, NOTHING);
                }
            }),
            breaking("C5", "TakesSilenceForEmptiness", on -> new MapCoordinator(on) {
                @Override
                public StoreView read(String namespace) {
                    return store.isUp() ? super.read(namespace) : NOTHING;
                }
            }),
            breaking("C5", "NeverRecovers", on -> new MapCoordinator(on) {
                private volatile boolean failed;

                @Override
                public StoreView read(String namespace) {
                    failed |= !store.isUp();
                    if (failed) {
                        throw new CoordinatorUnavailableException("the connection is closed");
                    }
                    return super.read(namespace);
                }
            }),

            // ---- C6 ----
            breaking("C6", "LatenessIgnored", on -> new MapCoordinator(on) {
                @Override
                boolean inTime(Replacement step) {
                    return true;
                }
            }),

            // ---- C7 ----
            breaking("C7", "NodeIdsByPrefix", on -> new MapCoordinator(on) {
                @Override
                boolean isNodeOf(String namespace, String key) {
                    return key.startsWith(namespace) && key.contains("/nodes/");
                }
            }),
            breaking("C7", "OneLedgerForAll", on -> new MapCoordinator(on) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return super.ledger("all");
                }
            }),
            breaking("C7", "OneLockForAll", on -> new MapCoordinator(on) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return super.lock(namespace, "lock");
                }
            }),

            // ---- C8 ----
            breaking("C8", "CutsLabels", on -> new MapCoordinator(on) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    String label =
                            node.label().substring(0, Math.min(32, node.label().length()));
                    super.writeNode(
                            namespace,
                            new NodeRecord(node.node(), node.token(), node.owner(), label, node.start(), node.end()));
                }
            }),
            breaking("C8", "CountsInDoubles", on -> new MapCoordinator(on) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    long start = (long) (double) node.start();
                    long end = Math.max(start, (long) (double) node.end());
                    super.writeNode(
                            namespace,
                            new NodeRecord(node.node(), node.token(), node.owner(), node.label(), start, end));
                }
            }),
            breaking("C8", "TakesGarbageForAbsence", on -> new MapCoordinator(on) {
                @Override
                <R extends Record> Optional<R> parsed(String key, Function<String, R> parser) {
                    try {
                        return super.parsed(key, parser);
                    } catch (UnreadableRecordException e) {
                        store.records.remove(key);
                        return Optional.empty();
                    }
                }
            }),

            // ---- C9 ----
            breakingLock("UnlocksForAnyone", (on, key) -> new MapLock(on, key) {
                @Override
                boolean isHeldBy(Holder holder, String token) {
                    return true;
                }
            }),
            breakingLock("LocksForEver", (on, key) -> new MapLock(on, key) {
                @Override
                Optional<Holder> holder() {
                    return Optional.ofNullable(store.locks.get(this.key));
                }
            }),
            breakingLock("LocksForAMoment", (on, key) -> new MapLock(on, key) {
                @Override
                public boolean tryLock(String token, Duration expiry) {
                    return super.tryLock(token, Duration.ofMillis(500));
                }
            }),
            breaking("C9", "TakesAnyNameForALock", on -> new MapCoordinator(on) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(store, namespace + "/" + name);
                }
            }),
            breaking("C9", "TakesAnyTokenAndExpiry", on -> new MapCoordinator(on) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(store, namespace + "/" + Names.requireLock(name)) {
                        @Override
                        public boolean tryLock(String token, Duration expiry) {
                            synchronized (store) {
                                store.requireUp();
                                return takeIf(holder().isEmpty(), token, expiry);
                            }
                        }
                    };
                }
            }),
            breakingLock("NeverSaysThatALockIsHeld", (on, key) -> new MapLock(on, key) {
                @Override
                public boolean isHeld() {
                    return false;
                }
            }),
            breakingLock("LooksThenLocks", (on, key) -> new MapLock(on, key) {
                @Override
                public boolean tryLock(String token, Duration expiry) {
                    store.requireUp();
                    boolean free = holder().isEmpty();
                    gap();
                    return takeIf(free, token, expiry);
                }
            }),

            // ---- C10 ----
            breakingLedger("SaysYesTwice", (on, namespace) -> new MapLedger(on, namespace) {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    super.record(ids, keep);
                    return new long[0];
                }
            }),
            breaking("C10", "RecordsBeforeItReserves", on -> new MapCoordinator(on) {
                @Override
                public Recorded replaceAndRecord(
                        String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
                    long[] refused = ledger(namespace).orElseThrow().record(ids, keep);
                    return new Recorded(replace(namespace, step), refused);
                }
            }),
            breaking("C10", "ReservesAndDoesNotRecord", on -> new MapCoordinator(on) {
                @Override
                public Recorded replaceAndRecord(
                        String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
                    return new Recorded(replace(namespace, step), new long[0]);
                }
            }),
            breakingLedger("LooksThenRecords", (on, namespace) -> new MapLedger(on, namespace) {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    store.requireUp();
                    long[] before = known(ids);
                    gap();
                    super.record(ids, keep);
                    return before;
                }
            }),
            breakingLedger("RecordsAllOrNothing", (on, namespace) -> new MapLedger(on, namespace) {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    synchronized (store) {
                        long[] before = known(ids);
                        return before.length == 0 ? super.record(ids, keep) : before;
                    }
                }
            }),
            breakingLedger("KeepsForASecond", (on, namespace) -> new MapLedger(on, namespace) {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    return super.record(ids, Optional.of(Duration.ofSeconds(1)));
                }
            }),
            breakingLedger("RefreshesTheTime", (on, namespace) -> new MapLedger(on, namespace) {
                @Override
                public long[] record(long[] ids, Optional<Duration> keep) {
                    synchronized (store) {
                        long[] before = super.record(ids, keep);
                        Entry entry = new Entry(store.now(), Instant.MAX);
                        LongStream.of(before).forEach(id -> store.ledger.put(key(id), entry));
                        return before;
                    }
                }
            }),

            // ---- C11 ----
            // Compares records in one request, and in the next only their versions, which start again when a namespace
            // is deleted.
            breaking("C11", "ComparesVersionsOnly", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    beforeEachRequest.run();
                    store.requireUp();
                    Map<String, Integer> seen;
                    synchronized (store) {
                        if (!holds(namespace, step)) {
                            return new Replaced(false, answer(namespace, step));
                        }
                        seen = versions(namespace, step);
                    }
                    beforeEachRequest.run();
                    synchronized (store) {
                        boolean applied = seen.equals(versions(namespace, step)) && inTime(step);
                        if (applied) {
                            write(namespace, step);
                        }
                        return new Replaced(applied, answer(namespace, step));
                    }
                }

                private Map<String, Integer> versions(String namespace, Replacement step) {
                    Map<String, Integer> versions = new HashMap<>();
                    versions.put(namespaceKey(namespace), version(namespaceKey(namespace)));
                    step.node()
                            .map(change -> nodeKey(namespace, change.next().node()))
                            .ifPresent(key -> versions.put(key, version(key)));
                    return versions;
                }

                private int version(String key) {
                    return store.versions.getOrDefault(key, 0);
                }
            }),
            breaking("C11", "TraceNotCompared", on -> new MapCoordinator(on) {
                @Override
                boolean sameTrace(String namespace, Replacement step) {
                    return true;
                }
            }),
            // Tells a trace from none, but not one trace from another.
            breaking("C11", "TraceComparedByKind", on -> new MapCoordinator(on) {
                @Override
                boolean sameTrace(String namespace, Replacement step) {
                    return !namesTrace(step)
                            || step.trace().kind() == trace(namespace).kind();
                }
            }),
            breaking("C11", "WritesTheTraceAfterTheRecord", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    Replaced answer = super.replace(namespace, step);
                    if (answer.applied() && namesTrace(step)) {
                        beforeEachRequest.run();
                        super.writeTrace(
                                namespace, step.namespace().orElseThrow().token());
                    }
                    return answer;
                }

                @Override
                void writeTrace(String namespace, String token) {
                    // in a step of its own
                }
            }),
            breaking("C11", "WritesTheTraceBeforeTheRecord", on -> new MapCoordinator(on) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    beforeEachRequest.run();
                    synchronized (store) {
                        store.requireUp();
                        if (!holds(namespace, step)) {
                            return new Replaced(false, answer(namespace, step));
                        }
                        if (namesTrace(step)) {
                            writeTrace(namespace, step.namespace().orElseThrow().token());
                        }
                    }
                    return super.replace(namespace, changed(step, step.expected(), step.node(), Trace.UNKNOWN));
                }
            }),
            // Keeps the trace among the records, where a deletion of the records removes it.
            breaking("C11", "TraceGoesWithTheRecords", on -> new MapCoordinator(on) {
                @Override
                Trace trace(String namespace) {
                    return Optional.ofNullable(store.records.get(namespace + "/trace"))
                            .map(Trace::leftBy)
                            .orElse(Trace.NONE);
                }

                @Override
                void writeTrace(String namespace, String token) {
                    store.put(namespace + "/trace", token);
                }
            }),
            breaking("C11", "TakesDeletedForNew", on -> new MapCoordinator(on) {
                @Override
                Trace trace(String namespace) {
                    return records(namespace).namespace().isPresent() ? super.trace(namespace) : Trace.NONE;
                }
            }),
            breaking("C11", "ReadsTheTraceAfterTheRecords", on -> new MapCoordinator(on) {
                @Override
                public StoreView read(String namespace) {
                    StoreView records = super.read(namespace);
                    beforeEachRequest.run();
                    return new StoreView(
                            records.namespace(), records.nodes(), records.identity(), records.time(), trace(namespace));
                }
            }),
            breaking("C11", "TellsNoTraceInAPart", on -> new MapCoordinator(on) {
                @Override
                public StoreView read(String namespace, NodeIdRange part) {
                    StoreView whole = read(namespace);
                    return new StoreView(whole.namespace(), whole.nodes(), whole.identity(), whole.time());
                }
            }),
            breaking("C11", "TakesUnknownForNone", on -> new MapCoordinator(on) {
                @Override
                void write(String namespace, Replacement step) {
                    super.write(namespace, step);
                    if (step.namespace().isPresent() && !namesTrace(step)) {
                        store.traces.remove(namespace);
                    }
                }
            }),
            breaking("C11", "OneTraceForSimilarNames", on -> new MapCoordinator(on) {
                @Override
                Trace trace(String namespace) {
                    return super.trace(cut(namespace));
                }

                @Override
                void writeTrace(String namespace, String token) {
                    super.writeTrace(cut(namespace), token);
                }

                private String cut(String namespace) {
                    return namespace.substring(0, Math.min(namespace.length(), 14));
                }
            }),
            // Keeps no trace, and says so, but applies a step that names one.
            new Mistake(
                    "C11",
                    "AppliesATraceItDoesNotKeep",
                    EnumSet.complementOf(EnumSet.of(Feature.TRACE)),
                    on -> new MapCoordinator(on) {
                        @Override
                        boolean sameTrace(String namespace, Replacement step) {
                            return true;
                        }

                        @Override
                        Trace trace(String namespace) {
                            return Trace.UNKNOWN;
                        }
                    }));

    private static final StoreView NOTHING = RecordSet.EMPTY.view("", Optional.empty(), Trace.UNKNOWN);

    private BrokenCoordinators() {}

    static Mistake named(String name) {
        return ALL.stream()
                .filter(mistake -> mistake.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Mistake breaking(String rule, String name, Function<MapStore, MapCoordinator> opener) {
        return new Mistake(rule, name, EnumSet.allOf(Feature.class), opener);
    }

    private static Mistake breakingLock(String name, BiFunction<MapStore, String, DistributedLock> locks) {
        return breaking("C9", name, on -> new MapCoordinator(on) {
            @Override
            public DistributedLock lock(String namespace, String lock) {
                return locks.apply(store, namespace + "/" + lock);
            }
        });
    }

    private static Mistake breakingLedger(String name, BiFunction<MapStore, String, IdLedger> ledgers) {
        return breaking("C10", name, on -> new MapCoordinator(on) {
            @Override
            public Optional<IdLedger> ledger(String namespace) {
                return Optional.of(ledgers.apply(store, namespace));
            }
        });
    }

    /** Leaves others the time to interfere. */
    private static void gap() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }

    // ---- steps that expect what is there ----

    private static Optional<NodeRecord> expectedNode(Replacement step) {
        return step.node().flatMap(NodeChange::expected).map(Stored::record);
    }

    private static Optional<NodeRecord> nodeOf(RecordSet there, Replacement step) {
        return step.node().map(change -> there.nodes().get(change.next().node()));
    }

    private static Replacement withoutNode(RecordSet there, Replacement step) {
        Optional<Stored<NodeRecord>> node = nodeOf(there, step).map(record -> new Stored<>(record, 0));
        return changed(
                step, step.expected(), step.node().map(change -> new NodeChange(node, change.next())), step.trace());
    }

    private static Replacement withoutNamespace(RecordSet there, Replacement step) {
        return changed(step, there.namespace().map(record -> new Stored<>(record, 0)), step.node(), step.trace());
    }

    private static Replacement changed(
            Replacement step, Optional<Stored<NamespaceRecord>> expected, Optional<NodeChange> node, Trace trace) {
        return new Replacement(step.identity(), expected, step.namespace(), node, step.notAfter(), trace);
    }
}
