package io.snowline.walk;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Trace;
import io.snowline.coordination.support.RecordSet;
import io.snowline.simulated.Comparison;
import io.snowline.simulated.Comparison.Omission;
import io.snowline.simulated.Server;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A small exact store of one namespace, with a clock that stands still until a step moves it. */
final class WalkStore implements Server {

    private final Checker checker;
    private final Comparison comparison = new Comparison();
    private RecordSet records = RecordSet.EMPTY;
    private RecordSet replica = records;
    private boolean keepsTraces;
    private boolean hasClock = true;
    private Trace trace = Trace.NONE;
    private int identity;
    private Instant time;
    private @Nullable String lockedBy;
    private final Set<Long> ledger = new HashSet<>();
    private @Nullable Life asking;

    WalkStore(Instant time, Checker checker) {
        this.time = time;
        this.checker = checker;
    }

    // ---- what happens to it ----

    void keepTraces() {
        keepsTraces = true;
    }

    void haveNoClock() {
        hasClock = false;
    }

    /** Writes a namespace record that was made long ago, so that walks need not begin by creating one. */
    void prepare(NamespaceRecord record) {
        trace = Trace.leftBy(record.token());
        records = new RecordSet(Optional.of(record), new TreeMap<>());
        replica = records;
    }

    /** From now on leaves out a part of each comparison, so that the walk can show that it notices. */
    void omit(Set<Omission> parts) {
        comparison.omit(parts);
    }

    void pass(Duration step) {
        time = time.plus(step);
    }

    /** Everything is gone, and the server is the same (Redis: FLUSHALL). */
    void wipe() {
        records = RecordSet.EMPTY;
        ledger.clear();
        lockedBy = null;
    }

    /** An operator deletes the records; the trace is kept elsewhere. */
    void delete() {
        records = RecordSet.EMPTY;
    }

    /** Another server goes on from its copy: everything written later is lost. Its clock is off as well. */
    void failOver(Duration clocksDiffer) {
        records = replica;
        identity++;
        time = time.plus(clocksDiffer);
        ledger.clear();
        lockedBy = null;
    }

    boolean locked() {
        return lockedBy != null;
    }

    void lockExpires() {
        lockedBy = null;
    }

    // ---- what it does ----

    String identity() {
        return "server-" + identity;
    }

    /** Returns this store as one request meets it, which this life of a process has sent. */
    Server serve(Life by) {
        asking = by;
        return this;
    }

    private Optional<Instant> time() {
        return hasClock ? Optional.of(time) : Optional.empty();
    }

    @Override
    public StoreView read(String namespace) {
        return records.view(identity(), time(), keepsTraces ? trace : Trace.UNKNOWN);
    }

    @Override
    public Replaced replace(String namespace, Replacement step) {
        boolean applied = step.notAfter().filter(time::isAfter).isEmpty()
                && step.identity().equals(identity())
                && comparison.holds(records, step)
                && (!keepsTraces || comparison.traceHolds(left(), step));
        if (applied) {
            records = comparison.write(records, step);
            step.namespace().ifPresent(next -> trace = Trace.leftBy(next.token()));
        }
        StoreView after = records.viewFor(step, identity(), time());
        if (applied) {
            checker.applied(Objects.requireNonNull(asking), step, after);
        }
        return new Replaced(applied, after);
    }

    private Optional<String> left() {
        return Optional.of(trace)
                .filter(there -> there.kind() == Trace.Kind.LEFT)
                .map(Trace::token);
    }

    @Override
    public boolean tryLock(String namespace, String lock, String token, Duration expiry) {
        boolean free = lockedBy == null;
        lockedBy = free ? token : lockedBy;
        return free;
    }

    @Override
    public boolean unlock(String namespace, String lock, String token) {
        boolean held = token.equals(lockedBy);
        lockedBy = held ? null : lockedBy;
        return held;
    }

    /** Records IDs, and returns those that were there before. */
    @Override
    public long[] record(String namespace, long[] ids) {
        return LongStream.of(ids).filter(id -> !ledger.add(id)).toArray();
    }
}
