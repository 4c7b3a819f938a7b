package io.snowline.coordination.support;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * A coordinator in the memory of this process, for unit tests of applications: generators that share one behave as processes that
 * share a backend. It has everything that a backend can have: a clock, traces, locks and a ledger.
 *
 * <p>Does not guarantee anything beyond its own life: another instance, or this process after a restart, knows nothing of the IDs that
 * were issued, and issues them again.
 *
 * <p>Thread-safe. No call blocks or fails for want of an answer.
 */
public final class InMemoryCoordinator implements NodeCoordinator {

    /** It has none: it loses nothing as long as it lives. */
    private static final String IDENTITY = "";

    private final InstantSource clock;

    @GuardedBy("this")
    private final Map<String, RecordSet> records = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Trace> traces = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Held> locks = new HashMap<>();

    @GuardedBy("this")
    private final Map<String, Map<Long, Entry>> ledgers = new HashMap<>();

    /** A lock's token, and when it expires. */
    private record Held(String token, Instant until) {}

    /** When an ID was recorded, and until when that is kept. */
    private record Entry(Instant recorded, Instant until) {}

    /** Makes an empty one on the system's clock. */
    public InMemoryCoordinator() {
        this(InstantSource.system());
    }

    /** Makes an empty one on a clock that tests can move. */
    public InMemoryCoordinator(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized StoreView read(String namespace) {
        return records(namespace).view(IDENTITY, Optional.of(clock.instant()), trace(namespace));
    }

    @Override
    public synchronized Replaced replace(String namespace, Replacement step) {
        Instant now = clock.instant();
        RecordSet before = records(namespace);
        boolean namesTrace = step.trace().kind() != Trace.Kind.UNKNOWN;
        boolean applied = step.identity().equals(IDENTITY)
                && step.notAfter().filter(now::isAfter).isEmpty()
                && (!namesTrace || step.trace().equals(trace(namespace)))
                && before.matches(step);
        RecordSet after = applied ? before.with(step) : before;
        if (applied) {
            records.put(namespace, after);
            if (namesTrace) {
                step.namespace().ifPresent(record -> traces.put(namespace, Trace.leftBy(record.token())));
            }
        }
        return new Replaced(applied, after.viewFor(step, IDENTITY, Optional.of(now)));
    }

    @GuardedBy("this")
    private RecordSet records(String namespace) {
        return records.getOrDefault(Names.requireNamespace(namespace), RecordSet.EMPTY);
    }

    @GuardedBy("this")
    private Trace trace(String namespace) {
        return traces.getOrDefault(namespace, Trace.NONE);
    }

    /** Deletes the records of a namespace, as an operator would; its trace stays. */
    public synchronized void delete(String namespace) {
        records.remove(namespace);
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new Lock(Names.requireNamespace(namespace) + ":" + Names.requireLock(name));
    }

    private final class Lock implements DistributedLock {

        private final String key;

        Lock(String key) {
            this.key = key;
        }

        @Override
        public boolean tryLock(String token, Duration expiry) {
            Held taken =
                    new Held(Names.requireToken(token), clock.instant().plus(Checks.requireKeepable("expiry", expiry)));
            synchronized (InMemoryCoordinator.this) {
                boolean free = holder().isEmpty();
                if (free) {
                    locks.put(key, taken);
                }
                return free;
            }
        }

        @Override
        public boolean unlock(String token) {
            synchronized (InMemoryCoordinator.this) {
                boolean mine = holder().filter(held -> held.token.equals(token)).isPresent();
                if (mine) {
                    locks.remove(key);
                }
                return mine;
            }
        }

        @Override
        public boolean isHeld() {
            synchronized (InMemoryCoordinator.this) {
                return holder().isPresent();
            }
        }

        @GuardedBy("InMemoryCoordinator.this")
        private Optional<Held> holder() {
            Instant now = clock.instant();
            return Optional.ofNullable(locks.get(key)).filter(held -> now.isBefore(held.until));
        }

        @Override
        public String toString() {
            return "lock '" + key + "' in memory";
        }
    }

    @Override
    public Optional<IdLedger> ledger(String namespace) {
        return Optional.of(new Ledger(Names.requireNamespace(namespace)));
    }

    private final class Ledger implements IdLedger {

        private final String namespace;

        Ledger(String namespace) {
            this.namespace = namespace;
        }

        @Override
        public long[] record(long[] ids, Optional<Duration> keep) {
            keep.ifPresent(duration -> Checks.requireKeepable("keep", duration));
            synchronized (InMemoryCoordinator.this) {
                Instant now = clock.instant();
                Entry entry = new Entry(now, keep.map(now::plus).orElse(Instant.MAX));
                LongStream.Builder refused = LongStream.builder();
                for (long id : ids) {
                    if (entry(id).isPresent()) {
                        refused.add(id);
                    } else {
                        ledgers.computeIfAbsent(namespace, name -> new HashMap<>())
                                .put(id, entry);
                    }
                }
                return refused.build().toArray();
            }
        }

        @Override
        public Optional<Instant> recordedAt(long id) {
            synchronized (InMemoryCoordinator.this) {
                return entry(id).map(Entry::recorded);
            }
        }

        @GuardedBy("InMemoryCoordinator.this")
        private Optional<Entry> entry(long id) {
            Instant now = clock.instant();
            return Optional.ofNullable(ledgers.getOrDefault(namespace, Map.of()).get(id))
                    .filter(entry -> now.isBefore(entry.until));
        }
    }

    /** Returns the processes of one machine, of which only this one comes into question. */
    @Override
    public Scope scope() {
        return Scope.MACHINE;
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public String toString() {
        return "memory of this process";
    }
}
