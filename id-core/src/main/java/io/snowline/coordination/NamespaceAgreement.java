package io.snowline.coordination;

import io.snowline.time.ReferenceClock;
import io.snowline.time.TickScale;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What all processes of a namespace have in common, and the limits that follow from it: the rules P4 (cap), P8 (a store
 * that forgets) and P9 (one namespace).
 *
 * <p>The argument of P8 in one picture; {@code T} is the store's clock at the step that shows the loss:
 *
 * <pre>
 *   windows that may have been forgotten          T          T + ahead   T + ahead + guard
 *   ----[=======]----[=========]------------------|------[======)---------|--------------->  positions
 *                                                        each ended at most "ahead" after    floor: new windows
 *                                                        its own store's clock (P4)          start here or later
 * </pre>
 *
 * <p>Not safe for use by many threads where its clock is not.
 */
final class NamespaceAgreement {

    private final NamespaceSpec spec;
    private final Duration guard;
    private final Tokens tokens;

    /** The longest that is known: of a store that forgets, nobody else may remember that it was raised. */
    private Duration ahead;

    private boolean agreed;

    NamespaceAgreement(NamespaceSpec spec, ReservationSettings settings, NodeCoordinator.Scope scope, Tokens tokens) {
        this.spec = spec;
        this.ahead = settings.ahead();
        this.guard = scope == NodeCoordinator.Scope.MACHINE ? Duration.ZERO : settings.guard();
        this.tokens = tokens;
    }

    /**
     * Returns the step that the namespace record needs before anything may be reserved under it; empty when it stands.
     *
     * @param view a complete and recent view: a floor is computed from all of its marks, and from its time
     * @throws NamespaceMismatchException if the namespace was fixed otherwise
     */
    Optional<Replacement> settle(StoreView view, ReferenceClock clock) {
        Optional<Stored<NamespaceRecord>> stored = view.namespace();
        if (stored.isEmpty()) {
            return Optional.of(raiseFloor(view, clock, 1, 0));
        }
        NamespaceRecord record = stored.get().record();
        requireSame(record);
        adopt(record.ahead());
        if (!record.identity().equals(view.identity())) {
            return Optional.of(raiseFloor(view, clock, record.incarnation() + 1, record.floor()));
        }
        if (!record.ahead().equals(ahead)) {
            return Optional.of(Replacement.ofNamespace(
                    view.identity(),
                    stored,
                    record(record.incarnation(), record.identity(), record.floor()),
                    Optional.empty()));
        }
        agreed = true;
        return Optional.empty();
    }

    /** Returns how far beyond the present this process' windows may end: what was configured, or raised since. */
    Duration ahead() {
        return ahead;
    }

    /** Returns the position below which a window must end now, as far as this process can tell (P4, P10). */
    long cap(ReferenceClock clock) {
        long present = Math.min(clock.storeMillis(), clock.millis());
        return scale().positionAt(present + ahead.toMillis());
    }

    /** Returns how much of a window that was just written may be used, by the store's clock at that step (P4). */
    long usableEnd(long end, StoreView answer) {
        return answer.time()
                .map(time -> Math.min(end, scale().positionAt(time.plus(ahead).toEpochMilli())))
                .orElse(end);
    }

    private Replacement raiseFloor(StoreView view, ReferenceClock clock, long incarnation, long oldFloor) {
        long present = view.time().map(Instant::toEpochMilli).orElseGet(clock::millis);
        long forgotten = scale().positionAt(present + ahead.toMillis() + guard.toMillis());
        long floor = Math.max(oldFloor, Math.min(scale().nextTick(forgotten), scale().endPosition()));
        for (Stored<NodeRecord> node : view.nodes().values()) {
            floor = Math.max(floor, node.record().end());
        }
        // Half of the guard is for clocks that disagree, the other half for the time this step may take.
        Optional<Instant> notAfter = view.time().map(time -> time.plus(guard.dividedBy(2)));
        return Replacement.ofNamespace(
                view.identity(), view.namespace(), record(incarnation, view.identity(), floor), notAfter);
    }

    private NamespaceRecord record(long incarnation, String identity, long floor) {
        return new NamespaceRecord(
                tokens.next(), spec.layout(), scale().epoch(), spec.mode(), ahead, incarnation, identity, floor);
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
