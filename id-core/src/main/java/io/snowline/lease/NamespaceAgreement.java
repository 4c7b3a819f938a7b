package io.snowline.lease;

import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.StoreView;
import io.snowline.coordination.Stored;
import io.snowline.coordination.Trace;
import io.snowline.time.NamespaceTime;
import io.snowline.time.TickScale;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The settings that all processes of a namespace share, and the limits that follow from them: rules P2 (start), P4
 * (cap), P8 (a store that forgets) and P9 (one namespace).
 *
 * <p>The argument for P8 in one picture; {@code T} is the store's clock at the step that shows the loss:
 *
 * <pre>
 *   windows that may have been forgotten          T          T + ahead   T + ahead + guard
 *   ----[=======]----[=========]------------------|------[======)---------|--------------->  positions
 *                                                        each ended at most "ahead" after    floor: new windows
 *                                                        its own store's clock (P4)          start here or later
 * </pre>
 *
 * <p>A namespace for which the backend has neither a record nor a {@linkplain Trace trace} is new. It has no windows
 * that may have been forgotten, and its floor is now.
 *
 * <p>Not thread-safe.
 */
final class NamespaceAgreement {

    private final NamespaceSpec spec;
    private final Duration guard;
    private final Tokens tokens;

    /** The longest one known: after a store has forgotten, no other process may remember that it was raised. */
    private Duration ahead;

    private boolean agreed;

    NamespaceAgreement(NamespaceSpec spec, ReservationSettings settings, Tokens tokens) {
        this.spec = spec;
        this.ahead = settings.ahead();
        this.guard = settings.guard();
        this.tokens = tokens;
    }

    /**
     * Returns the step that the namespace record needs before anything may be reserved under it; empty if it stands as
     * it is.
     *
     * @param view a complete and recent view: a floor is computed from all its marks, and from its time
     * @throws NamespaceMismatchException if the namespace was fixed with other settings
     */
    Optional<Replacement> settle(StoreView view, ReferenceClock clock) {
        Optional<Stored<NamespaceRecord>> stored = view.namespace();
        if (stored.isEmpty()) {
            boolean isNew = view.trace().kind() == Trace.Kind.NONE;
            return Optional.of(isNew ? begin(view, clock) : raiseFloor(view, clock, 1, 0));
        }
        NamespaceRecord record = stored.get().record();
        requireSame(record);
        adopt(record.ahead());
        if (!record.identity().equals(view.identity())) {
            return Optional.of(raiseFloor(view, clock, record.incarnation() + 1, record.floor()));
        }
        boolean leavesNoTrace = view.trace().kind() == Trace.Kind.NONE;
        if (leavesNoTrace || !record.ahead().equals(ahead)) {
            Instant usableFrom = Instant.ofEpochMilli(time(record).usableFromMillis());
            return Optional.of(write(
                    view,
                    record(record.incarnation(), record.identity(), record.floor(), usableFrom),
                    Optional.empty()));
        }
        agreed = true;
        return Optional.empty();
    }

    /**
     * Returns the step that creates a namespace known to be new: its floor is now (P2), or above every mark that
     * exists.
     */
    Replacement begin(StoreView view, ReferenceClock clock) {
        long now = scale().positionAt(present(view, clock));
        long mark = highestMark(view);
        Instant usableFrom = mark <= now ? instant(now) : instant(mark).minus(ahead);
        return write(view, record(1, view.identity(), Math.max(now, mark), usableFrom), deadline(view));
    }

    /** Returns why a namespace cannot be created now; empty if it can, or if it exists. */
    Optional<Obstacle> cannotBegin(StoreView view, ReferenceClock clock) {
        boolean ended = scale().positionAt(present(view, clock)) >= scale().endPosition();
        return view.namespace().isEmpty() && ended ? Optional.of(Obstacle.endOfTime(spec)) : Optional.empty();
    }

    /**
     * Returns why nothing can be stamped any more: time has reached the layout's end, or the stored floor lies there.
     */
    Obstacle endOfTime(NamespaceRecord record, ReferenceClock clock) {
        boolean floorAlone =
                record.floor() >= scale().endPosition() && scale().positionAt(clock.millis()) < scale().endPosition();
        return floorAlone ? Obstacle.floorAtEndOfTime(spec) : Obstacle.endOfTime(spec);
    }

    /**
     * Returns how far beyond the present this process's windows may end: the configured {@code ahead}, or what it was
     * raised to since.
     */
    Duration ahead() {
        return ahead;
    }

    /** Returns the time at which new windows of the namespace start (P2). */
    NamespaceTime time(NamespaceRecord record) {
        return scale().namespaceTime(record.floor(), record.usableFrom(), record.ahead());
    }

    /**
     * Returns the position below which no new window of this process may ever start: the floor (P2), or what this process
     * is configured with, if that is higher.
     */
    long lowestStart(NamespaceRecord record) {
        return Math.max(record.floor(), spec.lowestStart());
    }

    /** Returns the lowest position at which a new window may start now, to this process's knowledge (P2). */
    long earliestStart(NamespaceRecord record, ReferenceClock clock) {
        return Math.max(lowestStart(record), scale().positionAt(time(record).at(clock.millis())));
    }

    /** Returns the position below which a window must end now, to this process's knowledge (P4, P10). */
    long cap(ReferenceClock clock) {
        long present = Math.min(clock.storeMillis(), clock.millis());
        return scale().positionAt(present + ahead.toMillis());
    }

    /** Returns the end of the usable part of a window that was just written, by the store's clock at that step (P4). */
    long usableEnd(long end, StoreView answer) {
        return answer.time()
                .map(time -> Math.min(end, scale().positionAt(time.plus(ahead).toEpochMilli())))
                .orElse(end);
    }

    private Replacement raiseFloor(StoreView view, ReferenceClock clock, long incarnation, long oldFloor) {
        long forgotten = scale().positionAt(present(view, clock) + ahead.toMillis() + guard.toMillis());
        long floor = Math.max(oldFloor, Math.min(scale().nextTick(forgotten), scale().endPosition()));
        floor = Math.max(floor, highestMark(view));
        return write(
                view, record(incarnation, view.identity(), floor, instant(floor).minus(ahead)), deadline(view));
    }

    private static long present(StoreView view, ReferenceClock clock) {
        return view.time().map(Instant::toEpochMilli).orElseGet(clock::millis);
    }

    private static long highestMark(StoreView view) {
        return view.nodes().values().stream()
                .mapToLong(stored -> stored.record().end())
                .max()
                .orElse(0);
    }

    /** Half of the guard covers clocks that disagree, the other half the time that this step may take. */
    private Optional<Instant> deadline(StoreView view) {
        return view.time().map(time -> time.plus(guard.dividedBy(2)));
    }

    private static Replacement write(StoreView view, NamespaceRecord record, Optional<Instant> notAfter) {
        return Replacement.ofNamespace(view.identity(), view.namespace(), record, notAfter, view.trace());
    }

    private NamespaceRecord record(long incarnation, String identity, long floor, Instant usableFrom) {
        return new NamespaceRecord(
                tokens.next(),
                spec.layout(),
                scale().epoch(),
                spec.mode(),
                ahead,
                incarnation,
                identity,
                floor,
                Optional.of(usableFrom));
    }

    private Instant instant(long position) {
        return Instant.ofEpochMilli(scale().millisAt(position));
    }

    private void requireSame(NamespaceRecord record) {
        requireSame("layout", record.layout(), spec.layout());
        requireSame("epoch", record.epoch(), scale().epoch());
        requireSame("mode", record.mode().text(), spec.mode().text());
    }

    private void requireSame(String what, Object stored, Object configured) {
        if (!stored.equals(configured)) {
            throw new NamespaceMismatchException(
                    "namespace '%s' has %s %s in the coordinator, but this process is configured with %s; one namespace has"
                                    .formatted(spec.name(), what, stored, configured)
                            + " one layout, epoch and mode: use what is stored, or another namespace");
        }
    }

    private void adopt(Duration stored) {
        if (stored.compareTo(ahead) <= 0) {
            return;
        }
        if (!agreed) {
            throw new NamespaceMismatchException(
                    "namespace '%s' has ahead %s in the coordinator, but this process is configured with %s; it can only"
                                    .formatted(spec.name(), stored, ahead)
                            + " rise: configure what is stored, or more");
        }
        ahead = stored;
    }

    private TickScale scale() {
        return spec.scale();
    }
}
