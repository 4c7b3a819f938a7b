package io.snowline.coordination.tck;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Recorded;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Names;
import io.snowline.coordination.tck.MapStore.Entry;
import io.snowline.coordination.tck.MapStore.Holder;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Coordinators with one mistake each; {@link KitTest} runs the kit on them. */
final class BrokenCoordinators {

    private BrokenCoordinators() {}

    /** The number of the rule that a mistake breaks. */
    @Retention(RetentionPolicy.RUNTIME)
    @interface Breaks {
        String value();
    }

    /** Leaves others the time to interfere. */
    private static void gap() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }

    // ---- C1 ----

    @Breaks("C1")
    static final class BlindWrite extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameNode(String namespace, Replacement step) {
                    return true;
                }
            };
        }
    }

    @Breaks("C1")
    static final class NamespaceNotCompared extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameNamespace(String namespace, Replacement step) {
                    return step.namespace().isEmpty() || super.sameNamespace(namespace, step);
                }
            };
        }
    }

    @Breaks("C1")
    static final class AbsenceNotCompared extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameNode(String namespace, Replacement step) {
                    boolean nothingExpected = step.node()
                            .map(change -> change.expected().isEmpty())
                            .orElse(true);
                    return nothingExpected || super.sameNode(namespace, step);
                }
            };
        }
    }

    @Breaks("C1")
    static final class TokensNotCompared extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameNode(String namespace, Replacement step) {
                    return step.node()
                            .map(change -> change.expected()
                                    .map(stored -> withoutToken(stored.record()))
                                    .equals(nodeRecord(namespace, change).map(stored -> withoutToken(stored.record()))))
                            .orElse(true);
                }

                private NodeRecord withoutToken(NodeRecord node) {
                    return new NodeRecord(node.node(), "x", node.owner(), node.label(), node.start(), node.end());
                }
            };
        }
    }

    @Breaks("C1")
    static final class IdentityIgnored extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameIdentity(Replacement step) {
                    return true;
                }
            };
        }
    }

    @Breaks("C1")
    static final class RefusedByHalf extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameNode(String namespace, Replacement step) {
                    step.namespace().ifPresent(record -> this.store.put(namespaceKey(namespace), record.encode()));
                    return super.sameNode(namespace, step);
                }
            };
        }
    }

    // ---- C2 ----

    @Breaks("C2")
    static final class CheckThenSet extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    this.store.requireUp();
                    boolean applied = holds(namespace, step);
                    gap();
                    if (applied) {
                        write(namespace, step);
                    }
                    return new Replaced(applied, answer(namespace, step));
                }
            };
        }
    }

    @Breaks("C2")
    static final class OneHalfAfterTheOther extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                void write(String namespace, Replacement step) {
                    step.namespace().ifPresent(record -> this.store.put(namespaceKey(namespace), record.encode()));
                    gap();
                    step.node().ifPresent(change -> writeNode(namespace, change.next()));
                }

                @Override
                public StoreView read(String namespace) {
                    this.store.requireUp();
                    return view(namespace, nodes(namespace));
                }
            };
        }
    }

    // ---- C3 ----

    @Breaks("C3")
    static final class ForgetsOnReopen extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            store.records.clear();
            return new MapCoordinator(store);
        }
    }

    @Breaks("C3")
    static final class LowersTheMark extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            store.records.replaceAll((key, text) -> text.replaceFirst(" end=3000$", " end=2999"));
            return new MapCoordinator(store);
        }
    }

    @Breaks("C3")
    static final class DeletesWhatWasReleased extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    super.writeNode(namespace, node);
                    if (node.released()) {
                        this.store.records.remove(nodeKey(namespace, node.node()));
                    }
                }
            };
        }
    }

    @Breaks("C3")
    static final class ExpiresRecords extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            Instant opened = store.now();
            return new MapCoordinator(store) {
                @Override
                public void close() {
                    store.locks.put("opened", new Holder("opened", opened));
                }

                @Override
                public StoreView read(String namespace) {
                    Holder before = this.store.locks.get("opened");
                    if (before != null
                            && this.store.now().isAfter(before.until().plusSeconds(1))) {
                        this.store.records.clear();
                    }
                    return super.read(namespace);
                }
            };
        }
    }

    // ---- C4 ----

    @Breaks("C4")
    static final class RefusesByException extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    Replaced answer = super.replace(namespace, step);
                    if (!answer.applied()) {
                        throw new IllegalStateException("the record has changed");
                    }
                    return answer;
                }
            };
        }
    }

    @Breaks("C4")
    static final class AnswersWithWhatWasThereBefore extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    StoreView before = answer(namespace, step);
                    return new Replaced(super.replace(namespace, step).applied(), before);
                }
            };
        }
    }

    @Breaks("C4")
    static final class AnswersWithEverything extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                StoreView answer(String namespace, Replacement step) {
                    return view(namespace, nodes(namespace));
                }
            };
        }
    }

    @Breaks("C4")
    static final class LeavesOutTheLastOfAPart extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public StoreView read(String namespace, NodeIdRange part) {
                    StoreView whole = read(namespace);
                    Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>(whole.nodes());
                    nodes.keySet().removeIf(node -> node < part.first() || node >= part.last());
                    return new StoreView(whole.namespace(), nodes, whole.identity(), whole.time(), whole.trace());
                }
            };
        }
    }

    @Breaks("C4")
    static final class SaysAppliedAlways extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    return new Replaced(true, super.replace(namespace, step).view());
                }
            };
        }
    }

    @Breaks("C4")
    static final class HasNoTime extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                StoreView view(String namespace, Map<Integer, Stored<NodeRecord>> nodes) {
                    StoreView view = super.view(namespace, nodes);
                    return new StoreView(view.namespace(), view.nodes(), view.identity(), Optional.empty());
                }
            };
        }
    }

    // ---- C5 ----

    @Breaks("C5")
    static final class TakesSilenceForNo extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    return this.store.isUp()
                            ? super.replace(namespace, step)
                            : new Replaced(false, new StoreView(Optional.empty(), Map.of(), "", Optional.empty()));
                }
            };
        }
    }

    @Breaks("C5")
    static final class TakesSilenceForEmptiness extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public StoreView read(String namespace) {
                    return this.store.isUp()
                            ? super.read(namespace)
                            : new StoreView(Optional.empty(), Map.of(), "", Optional.empty());
                }
            };
        }
    }

    @Breaks("C5")
    static final class NeverRecovers extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                private volatile boolean failed;

                @Override
                public StoreView read(String namespace) {
                    failed |= !this.store.isUp();
                    if (failed) {
                        throw new CoordinatorUnavailableException("the connection is closed");
                    }
                    return super.read(namespace);
                }
            };
        }
    }

    // ---- C6 ----

    @Breaks("C6")
    static final class LatenessIgnored extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean inTime(Replacement step) {
                    return true;
                }
            };
        }
    }

    // ---- C7 ----

    @Breaks("C7")
    static final class NodeIdsByPrefix extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                Map<Integer, Stored<NodeRecord>> nodes(String namespace) {
                    Map<Integer, Stored<NodeRecord>> nodes = new HashMap<>();
                    this.store.records.keySet().stream()
                            .filter(key -> key.startsWith(namespace) && key.contains("/nodes/"))
                            .flatMap(key -> stored(key, NodeRecord::parse).stream())
                            .forEach(node -> nodes.put(node.record().node(), node));
                    return nodes;
                }
            };
        }
    }

    @Breaks("C7")
    static final class OneLedgerForAll extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return super.ledger("all");
                }
            };
        }
    }

    @Breaks("C7")
    static final class OneLockForAll extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return super.lock(namespace, "lock");
                }
            };
        }
    }

    // ---- C8 ----

    @Breaks("C8")
    static final class CutsLabels extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    String label =
                            node.label().substring(0, Math.min(32, node.label().length()));
                    super.writeNode(
                            namespace,
                            new NodeRecord(node.node(), node.token(), node.owner(), label, node.start(), node.end()));
                }
            };
        }
    }

    @Breaks("C8")
    static final class CountsInDoubles extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                void writeNode(String namespace, NodeRecord node) {
                    long start = (long) (double) node.start();
                    long end = Math.max(start, (long) (double) node.end());
                    super.writeNode(
                            namespace,
                            new NodeRecord(node.node(), node.token(), node.owner(), node.label(), start, end));
                }
            };
        }
    }

    @Breaks("C8")
    static final class TakesGarbageForAbsence extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                <R extends Record> Optional<Stored<R>> stored(String key, Function<String, R> parser) {
                    try {
                        return super.stored(key, parser);
                    } catch (UnreadableRecordException e) {
                        this.store.records.remove(key);
                        return Optional.empty();
                    }
                }
            };
        }
    }

    // ---- C9 ----

    @Breaks("C9")
    static final class UnlocksForAnyone extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name) {
                        @Override
                        boolean isHeldBy(Holder holder, String token) {
                            return true;
                        }
                    };
                }
            };
        }
    }

    @Breaks("C9")
    static final class LocksForEver extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name) {
                        @Override
                        Optional<Holder> holder() {
                            return Optional.ofNullable(this.store.locks.get(key));
                        }
                    };
                }
            };
        }
    }

    @Breaks("C9")
    static final class LocksForAMoment extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name) {
                        @Override
                        public boolean tryLock(String token, Duration expiry) {
                            return super.tryLock(token, Duration.ofMillis(500));
                        }
                    };
                }
            };
        }
    }

    @Breaks("C9")
    static final class TakesAnyNameForALock extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name);
                }
            };
        }
    }

    @Breaks("C9")
    static final class TakesAnyTokenAndExpiry extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + Names.requireLock(name)) {
                        @Override
                        public boolean tryLock(String token, Duration expiry) {
                            synchronized (this.store) {
                                this.store.requireUp();
                                boolean free = holder().isEmpty();
                                if (free) {
                                    this.store.locks.put(
                                            key,
                                            new Holder(token, this.store.now().plus(expiry)));
                                }
                                return free;
                            }
                        }
                    };
                }
            };
        }
    }

    @Breaks("C9")
    static final class NeverSaysThatALockIsHeld extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name) {
                        @Override
                        public boolean isHeld() {
                            return false;
                        }
                    };
                }
            };
        }
    }

    @Breaks("C9")
    static final class LooksThenLocks extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public DistributedLock lock(String namespace, String name) {
                    return new MapLock(this.store, namespace + "/" + name) {
                        @Override
                        public boolean tryLock(String token, Duration expiry) {
                            this.store.requireUp();
                            boolean free = holder().isEmpty();
                            gap();
                            if (free) {
                                this.store.locks.put(
                                        key, new Holder(token, this.store.now().plus(expiry)));
                            }
                            return free;
                        }
                    };
                }
            };
        }
    }

    // ---- C10 ----

    @Breaks("C10")
    static final class SaysYesTwice extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return Optional.of(new MapLedger(this.store, namespace) {
                        @Override
                        public long[] record(long[] ids, Optional<Duration> keep) {
                            super.record(ids, keep);
                            return new long[0];
                        }
                    });
                }
            };
        }
    }

    @Breaks("C10")
    static final class RecordsBeforeItReserves extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Recorded replaceAndRecord(
                        String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
                    long[] refused = ledger(namespace).orElseThrow().record(ids, keep);
                    return new Recorded(replace(namespace, step), refused);
                }
            };
        }
    }

    @Breaks("C10")
    static final class ReservesAndDoesNotRecord extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Recorded replaceAndRecord(
                        String namespace, Replacement step, long[] ids, Optional<Duration> keep) {
                    return new Recorded(replace(namespace, step), new long[0]);
                }
            };
        }
    }

    @Breaks("C10")
    static final class LooksThenRecords extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return Optional.of(new MapLedger(this.store, namespace) {
                        @Override
                        public long[] record(long[] ids, Optional<Duration> keep) {
                            this.store.requireUp();
                            long[] before = LongStream.of(ids)
                                    .filter(id -> entry(id).isPresent())
                                    .toArray();
                            gap();
                            super.record(ids, keep);
                            return before;
                        }
                    });
                }
            };
        }
    }

    @Breaks("C10")
    static final class RecordsAllOrNothing extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return Optional.of(new MapLedger(this.store, namespace) {
                        @Override
                        public long[] record(long[] ids, Optional<Duration> keep) {
                            synchronized (this.store) {
                                long[] before = LongStream.of(ids)
                                        .filter(id -> entry(id).isPresent())
                                        .toArray();
                                return before.length == 0 ? super.record(ids, keep) : before;
                            }
                        }
                    });
                }
            };
        }
    }

    @Breaks("C10")
    static final class KeepsForASecond extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return Optional.of(new MapLedger(this.store, namespace) {
                        @Override
                        public long[] record(long[] ids, Optional<Duration> keep) {
                            return super.record(ids, Optional.of(Duration.ofSeconds(1)));
                        }
                    });
                }
            };
        }
    }

    @Breaks("C10")
    static final class RefreshesTheTime extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Optional<IdLedger> ledger(String namespace) {
                    return Optional.of(new MapLedger(this.store, namespace) {
                        @Override
                        public long[] record(long[] ids, Optional<Duration> keep) {
                            synchronized (this.store) {
                                long[] before = super.record(ids, keep);
                                Entry entry = new Entry(this.store.now(), Instant.MAX);
                                LongStream.of(before).forEach(id -> this.store.ledger.put(key(id), entry));
                                return before;
                            }
                        }
                    });
                }
            };
        }
    }

    // ---- C11 ----

    /**
     * Compares records in one request, and in the next only their versions, which start again when a namespace is
     * deleted.
     */
    @Breaks("C11")
    static final class ComparesVersionsOnly extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    beforeEachRequest.run();
                    this.store.requireUp();
                    Map<String, Integer> seen;
                    synchronized (this.store) {
                        if (!holds(namespace, step)) {
                            return new Replaced(false, answer(namespace, step));
                        }
                        seen = versions(namespace, step);
                    }
                    beforeEachRequest.run();
                    synchronized (this.store) {
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
                    return this.store.versions.getOrDefault(key, 0);
                }
            };
        }
    }

    @Breaks("C11")
    static final class TraceNotCompared extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameTrace(String namespace, Replacement step) {
                    return true;
                }
            };
        }
    }

    /** Tells a trace from none, but not one trace from another. */
    @Breaks("C11")
    static final class TraceComparedByKind extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameTrace(String namespace, Replacement step) {
                    return !namesTrace(step)
                            || step.trace().kind() == trace(namespace).kind();
                }
            };
        }
    }

    @Breaks("C11")
    static final class WritesTheTraceAfterTheRecord extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    Replaced answer = super.replace(namespace, step);
                    if (answer.applied() && namesTrace(step)) {
                        beforeEachRequest.run();
                        String token = step.namespace().orElseThrow().token();
                        this.store.traces.put(namespace, token);
                    }
                    return answer;
                }

                @Override
                void writeTrace(String namespace, String token) {
                    // in a step of its own
                }
            };
        }
    }

    @Breaks("C11")
    static final class WritesTheTraceBeforeTheRecord extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public Replaced replace(String namespace, Replacement step) {
                    beforeEachRequest.run();
                    synchronized (this.store) {
                        this.store.requireUp();
                        if (!holds(namespace, step)) {
                            return new Replaced(false, answer(namespace, step));
                        }
                        if (namesTrace(step)) {
                            this.store.traces.put(
                                    namespace, step.namespace().orElseThrow().token());
                        }
                    }
                    return super.replace(namespace, withoutTrace(step));
                }

                private Replacement withoutTrace(Replacement step) {
                    return new Replacement(
                            step.identity(),
                            step.expected(),
                            step.namespace(),
                            step.node(),
                            step.notAfter(),
                            Trace.UNKNOWN);
                }
            };
        }
    }

    /** Keeps the trace among the records, where a deletion of the records removes it. */
    @Breaks("C11")
    static final class TraceGoesWithTheRecords extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                Trace trace(String namespace) {
                    return Optional.ofNullable(this.store.records.get(namespace + "/trace"))
                            .map(Trace::leftBy)
                            .orElse(Trace.NONE);
                }

                @Override
                void writeTrace(String namespace, String token) {
                    this.store.put(namespace + "/trace", token);
                }
            };
        }
    }

    @Breaks("C11")
    static final class TakesDeletedForNew extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                Trace trace(String namespace) {
                    return namespaceRecord(namespace).isPresent() ? super.trace(namespace) : Trace.NONE;
                }
            };
        }
    }

    @Breaks("C11")
    static final class ReadsTheTraceAfterTheRecords extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public StoreView read(String namespace) {
                    StoreView records = super.read(namespace);
                    beforeEachRequest.run();
                    return new StoreView(
                            records.namespace(), records.nodes(), records.identity(), records.time(), trace(namespace));
                }
            };
        }
    }

    @Breaks("C11")
    static final class TellsNoTraceInAPart extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                public StoreView read(String namespace, NodeIdRange part) {
                    StoreView whole = read(namespace);
                    return new StoreView(whole.namespace(), whole.nodes(), whole.identity(), whole.time());
                }
            };
        }
    }

    @Breaks("C11")
    static final class TakesUnknownForNone extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                void write(String namespace, Replacement step) {
                    super.write(namespace, step);
                    if (step.namespace().isPresent() && !namesTrace(step)) {
                        this.store.traces.remove(namespace);
                    }
                }
            };
        }
    }

    @Breaks("C11")
    static final class OneTraceForSimilarNames extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
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
            };
        }
    }

    /** Keeps no trace, and says so, but applies a step that names one. */
    @Breaks("C11")
    static final class AppliesATraceItDoesNotKeep extends MapContract {
        @Override
        MapCoordinator open(MapStore store) {
            return new MapCoordinator(store) {
                @Override
                boolean sameTrace(String namespace, Replacement step) {
                    return true;
                }

                @Override
                Trace trace(String namespace) {
                    return Trace.UNKNOWN;
                }
            };
        }

        @Override
        protected Set<Feature> features() {
            return EnumSet.complementOf(EnumSet.of(Feature.TRACE));
        }
    }
}
