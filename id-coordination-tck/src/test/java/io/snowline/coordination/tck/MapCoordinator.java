package io.snowline.coordination.tck;

import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.UnreadableRecordException;
import io.snowline.coordination.support.Checks;
import io.snowline.coordination.support.Names;
import io.snowline.coordination.support.RecordSet;
import io.snowline.coordination.tck.MapStore.Entry;
import io.snowline.coordination.tck.MapStore.Holder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * A complete coordinator over a map, one monitor around each step: the smallest that a third party could write. The
 * broken ones override parts of it.
 */
class MapCoordinator implements NodeCoordinator {

    final MapStore store;

    /** Run before each request. */
    volatile Runnable beforeEachRequest = () -> {};

    MapCoordinator(MapStore store) {
        this.store = store;
    }

    @Override
    public StoreView read(String namespace) {
        beforeEachRequest.run();
        synchronized (store) {
            store.requireUp();
            return records(namespace).view(store.identity(), time(), trace(namespace));
        }
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        beforeEachRequest.run();
        synchronized (store) {
            store.requireUp();
            boolean applied = holds(namespace, step);
            if (applied) {
                write(namespace, step);
            }
            return new Replaced(applied, answer(namespace, step));
        }
    }

    boolean holds(String namespace, Replacement step) {
        RecordSet there = records(namespace, step); // even if the rest does not hold: what is there must be readable
        return inTime(step)
                && sameIdentity(step)
                && sameTrace(namespace, step)
                && there.matches(asCompared(namespace, there, step));
    }

    /** Returns the step whose records are compared with those that are there. */
    Replacement asCompared(String namespace, RecordSet there, Replacement step) {
        return step;
    }

    boolean inTime(Replacement step) {
        return step.notAfter().map(last -> !store.now().isAfter(last)).orElse(true);
    }

    boolean sameIdentity(Replacement step) {
        return step.identity().equals(store.identity());
    }

    boolean sameTrace(String namespace, Replacement step) {
        return !namesTrace(step) || step.trace().equals(trace(namespace));
    }

    static boolean namesTrace(Replacement step) {
        return step.trace().kind() != Trace.Kind.UNKNOWN;
    }

    Trace trace(String namespace) {
        return Optional.ofNullable(store.traces.get(namespace))
                .map(Trace::leftBy)
                .orElse(Trace.NONE);
    }

    void write(String namespace, Replacement step) {
        step.namespace().ifPresent(record -> store.put(namespaceKey(namespace), record.encode()));
        step.node().ifPresent(change -> writeNode(namespace, change.next()));
        if (namesTrace(step)) {
            writeTrace(namespace, step.namespace().orElseThrow().token());
        }
    }

    void writeTrace(String namespace, String token) {
        store.traces.put(namespace, token);
    }

    void writeNode(String namespace, NodeRecord record) {
        store.put(nodeKey(namespace, record.node()), record.encode());
    }

    StoreView answer(String namespace, Replacement step) {
        return records(namespace, step).viewFor(step, store.identity(), time());
    }

    Optional<Instant> time() {
        return Optional.of(store.now());
    }

    /** Returns all records of a namespace. */
    final RecordSet records(String namespace) {
        return records(namespace, key -> isNodeOf(namespace, key));
    }

    /** Returns the records that a step is about. */
    private RecordSet records(String namespace, Replacement step) {
        Optional<String> node =
                step.node().map(change -> nodeKey(namespace, change.next().node()));
        return records(namespace, key -> node.equals(Optional.of(key)));
    }

    private RecordSet records(String namespace, Predicate<String> nodeKeys) {
        SortedMap<Integer, NodeRecord> nodes = new TreeMap<>();
        store.records.keySet().stream()
                .filter(nodeKeys)
                .flatMap(key -> parsed(key, NodeRecord::parse).stream())
                .forEach(record -> nodes.put(record.node(), record));
        return new RecordSet(parsed(namespaceKey(namespace), NamespaceRecord::parse), nodes);
    }

    boolean isNodeOf(String namespace, String key) {
        return key.startsWith(namespace + "/nodes/");
    }

    <R extends Record> Optional<R> parsed(String key, Function<String, R> parser) {
        try {
            return Optional.ofNullable(store.records.get(key)).map(parser);
        } catch (IllegalArgumentException e) {
            throw new UnreadableRecordException("key '" + key + "' holds no record", e);
        }
    }

    static String namespaceKey(String namespace) {
        return namespace + "/namespace";
    }

    static String nodeKey(String namespace, int node) {
        return namespace + "/nodes/" + node;
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new MapLock(store, namespace + "/" + Names.requireLock(name));
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new MapLedger(store, namespace));
    }

    @Override
    public void close() {
        // nothing is open
    }

    @Override
    public String toString() {
        return "map in memory";
    }

    /** The lock of a map. */
    static class MapLock implements DistributedLock {
        final MapStore store;
        final String key;

        MapLock(MapStore store, String key) {
            this.store = store;
            this.key = key;
        }

        @Override
        public boolean tryLock(String token, Duration expiry) {
            Names.requireToken(token);
            Checks.requireKeepable("expiry", expiry);
            synchronized (store) {
                store.requireUp();
                return takeIf(holder().isEmpty(), token, expiry);
            }
        }

        boolean takeIf(boolean free, String token, Duration expiry) {
            if (free) {
                store.locks.put(key, new Holder(token, store.now().plus(expiry)));
            }
            return free;
        }

        @Override
        public boolean unlock(String token) {
            synchronized (store) {
                store.requireUp();
                boolean mine =
                        holder().filter(holder -> isHeldBy(holder, token)).isPresent();
                if (mine) {
                    store.locks.remove(key);
                }
                return mine;
            }
        }

        boolean isHeldBy(Holder holder, String token) {
            return holder.token().equals(token);
        }

        Optional<Holder> holder() {
            return Optional.ofNullable(store.locks.get(key))
                    .filter(holder -> store.now().isBefore(holder.until()));
        }
    }

    /** The ledger of a map. */
    static class MapLedger implements IdLedger {
        final MapStore store;
        final String namespace;

        MapLedger(MapStore store, String namespace) {
            this.store = store;
            this.namespace = namespace;
        }

        @Override
        public long[] record(long[] ids, Optional<Duration> keep) {
            synchronized (store) {
                store.requireUp();
                Instant now = store.now();
                Entry entry = new Entry(now, keep.map(now::plus).orElse(Instant.MAX));
                long[] before = known(ids);
                LongStream.of(ids).filter(id -> entry(id).isEmpty()).forEach(id -> store.ledger.put(key(id), entry));
                return before;
            }
        }

        long[] known(long[] ids) {
            return LongStream.of(ids).filter(id -> entry(id).isPresent()).toArray();
        }

        @Override
        public Optional<Instant> recordedAt(long id) {
            synchronized (store) {
                store.requireUp();
                return entry(id).map(Entry::recorded);
            }
        }

        Optional<Entry> entry(long id) {
            return Optional.ofNullable(store.ledger.get(key(id)))
                    .filter(entry -> store.now().isBefore(entry.until()));
        }

        String key(long id) {
            return namespace + "/" + id;
        }
    }
}
