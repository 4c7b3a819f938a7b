package io.snowline.walk;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdLayout;
import io.snowline.simulated.Comparison.Omission;
import io.snowline.simulated.Fiber;
import io.snowline.simulated.Fibers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Two processes, one node id, one store, and clocks that stand still. Each walk sets up one, and says what may happen in
 * it and how often.
 */
final class World implements Scene {

    static final String NAMESPACE = "walk";
    static final Duration TICK = Duration.ofSeconds(1);
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** Two positions per tick, so that a handful of IDs crosses ticks and windows. */
    static final IdLayout LAYOUT = new IdLayout(30, 1, 1, TICK, START.minus(TICK.multipliedBy(100)));

    /** Windows of four ticks. */
    static final ReservationSettings SETTINGS = new ReservationSettings(
            TICK.multipliedBy(4), TICK.multipliedBy(2), TICK, TICK.multipliedBy(2), TICK.multipliedBy(10));

    /** What may happen to the store. */
    enum Mishap {
        /** Everything is gone. */
        WIPED,
        /** The replica becomes the primary; its clock is half of the guard behind. */
        FAILED_OVER,
        /** An operator deletes the records of the namespace, and its trace stays. */
        DELETED,
        /** The lock that is held, if any, expires. */
        LOCK_EXPIRES
    }

    final Checker checker = new Checker(LAYOUT);
    final WalkStore store = new WalkStore(START, checker);
    final Budget budget;
    private final List<WalkedProcess> processes = new ArrayList<>();
    private final List<Mishap> mishaps = new ArrayList<>();
    private int mishapsLeft = Integer.MAX_VALUE;
    private final List<Duration> storeTimes = new ArrayList<>();
    private final List<Duration> times = new ArrayList<>();
    private Optional<Consumer<String>> narration = Optional.empty();
    private Optional<Fibers> fibers = Optional.empty();
    private Set<String> sightings = new HashSet<>();

    World(Budget budget) {
        this.budget = budget;
    }

    // ---- setting up ----

    /** The namespace was made long ago: no floor is in the way. */
    World prepared(IssuingMode mode) {
        store.prepare(new NamespaceRecord(
                "0",
                LAYOUT.descriptor(),
                LAYOUT.epoch(),
                mode,
                SETTINGS.ahead(),
                1,
                store.identity(),
                0,
                Optional.empty()));
        return this;
    }

    /** The store keeps a trace of the namespace, as all but Redis do. */
    World traced() {
        store.keepTraces();
        return this;
    }

    /** The store has no clock, as a directory and etcd have none. */
    World clockless() {
        store.haveNoClock();
        return this;
    }

    LeasedProcess leased(String name, Work work) {
        LeasedProcess process = new LeasedProcess(this, name, Bits.ofProcess(processes.size()), work);
        processes.add(process);
        return process;
    }

    RecordedProcess recorded(String name, Work work) {
        RecordedProcess process = new RecordedProcess(this, name, Bits.ofProcess(processes.size()), work);
        processes.add(process);
        return process;
    }

    /** Allows time to pass on the store's clock, once. */
    World storePasses(Duration time) {
        storeTimes.add(time);
        return this;
    }

    /**
     * Allows time to pass, once, on the clocks of all processes at the same time: they stay equal, as a store without a
     * clock assumes.
     */
    World timePasses(Duration time) {
        times.add(time);
        return this;
    }

    /** Allows a mishap, once. */
    World mishap(Mishap mishap) {
        mishaps.add(mishap);
        return this;
    }

    /** Limits how many of the mishaps happen on one path. */
    World mishapsAtMost(int count) {
        mishapsLeft = count;
        return this;
    }

    Line line(Life life, Line.Wire wire) {
        return new Line(store, life, wire);
    }

    // ---- the scene ----

    @Override
    public List<Event> enabled() {
        List<Event> events = new ArrayList<>(16);
        for (WalkedProcess process : processes) {
            process.addEvents(events);
        }
        for (Duration time : new LinkedHashSet<>(storeTimes)) {
            events.add(Event.of(
                    "the store's clock +" + time.toMillis() + " ms", Step.READ | Step.WRITE, () -> pass(time)));
        }
        int clocks =
                processes.stream().mapToInt(process -> process.bits.memory()).reduce(0, (a, b) -> a | b);
        for (Duration time : new LinkedHashSet<>(times)) {
            events.add(Event.of("all clocks +" + time.toMillis() + " ms", clocks, () -> passEverywhere(time)));
        }
        for (Mishap mishap : mishaps) {
            if (mishapsLeft > 0 && (mishap != Mishap.LOCK_EXPIRES || store.locked())) {
                events.add(Event.of("the store: " + mishap, Step.READ | Step.WRITE, () -> happen(mishap)));
            }
        }
        return events;
    }

    private void pass(Duration time) {
        storeTimes.remove(time);
        store.pass(time);
    }

    private void passEverywhere(Duration time) {
        times.remove(time);
        processes.forEach(process -> process.clock.pass(time));
    }

    private void happen(Mishap mishap) {
        mishapsLeft--;
        mishaps.remove(mishap);
        switch (mishap) {
            case WIPED -> store.wipe();
            case DELETED -> store.delete();
            case FAILED_OVER -> store.failOver(SETTINGS.guard().dividedBy(2).negated());
            case LOCK_EXPIRES -> store.lockExpires();
        }
    }

    /** Collects what is seen from now on: kinds of lease events, and which process stamps. */
    World collectIn(Set<String> seen) {
        sightings = seen;
        return this;
    }

    World over(Set<Omission> omissions) {
        store.omit(omissions);
        return this;
    }

    /** Lets processes stop in the middle of their code, on fibers of this pool. */
    World on(Fibers pool) {
        fibers = Optional.of(pool);
        return this;
    }

    Fiber takeFiber() {
        return fibers.orElseThrow().take();
    }

    void seen(String what) {
        sightings.add(what);
    }

    void heard(LeaseEvent event) {
        seen(event.kind().name());
        note(event.kind() + ": " + event.detail());
    }

    void note(String what) {
        narration.ifPresent(listener -> listener.accept("      " + what));
    }

    @Override
    public void narrateTo(Consumer<String> listener) {
        narration = Optional.of(listener);
    }

    @Override
    public void close() {
        for (WalkedProcess process : processes) {
            if (process.life.alive()) {
                process.end();
            }
        }
    }
}
