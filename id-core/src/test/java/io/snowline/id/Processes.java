package io.snowline.id;

import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that share a store in memory and, unless one has a clock of its own, a clock. Each has a generator, and may
 * be stopped or crash. Not thread-safe.
 */
final class Processes {

    static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    static final NodeIdRange ONE_NODE_ID = new NodeIdRange(5, 5);

    /** The time after which another process has the node id of a process that crashed. */
    static final Duration LAPSE =
            SETTINGS.ahead().plus(SETTINGS.takeoverGrace()).plusSeconds(2);

    private static final Duration FLOOR_PASSED =
            SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(60);
    private static final Duration STEP = Duration.ofMillis(5);

    final ManualTimeSource time = clockAt(Instant.parse("2026-11-23T08:00:00Z"));
    final MemoryStore store = new MemoryStore(time::wallMillis);
    final IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
    private final List<ManualTimeSource> clocks = new ArrayList<>(List.of(time));
    private final List<ManualLoop> running = new ArrayList<>();

    /** A process: its generator, and the loop that renews its windows. */
    record Issuer(SnowflakeGenerator ids, ManualLoop loop) {}

    private static ManualTimeSource clockAt(Instant now) {
        return new ManualTimeSource(now.toEpochMilli());
    }

    /** Returns a clock that advances with the others, with its wall clock off by a little or by much. */
    ManualTimeSource clockOffBy(Duration error) {
        ManualTimeSource clock = clockAt(Instant.ofEpochMilli(time.wallMillis()).plus(error));
        clocks.add(clock);
        return clock;
    }

    SnowflakeGenerator.Builder builder(String label) {
        return SnowflakeGenerator.builder(store, "orders")
                .layout(layout)
                .reservation(SETTINGS)
                .label(label)
                .maxWait(Duration.ZERO)
                .timeSource(time);
    }

    /** Creates a process, which has not yet asked the store for anything. */
    Issuer begin(SnowflakeGenerator.Builder builder) {
        ManualLoop loop = new ManualLoop(time);
        Issuer process = new Issuer(builder.loops(name -> loop).start(), loop);
        running.add(loop);
        return process;
    }

    Issuer start(SnowflakeGenerator.Builder builder) {
        Issuer process = begin(builder);
        process.loop().run();
        return process;
    }

    /** Starts a process and lets the floor of a new namespace pass, until IDs are stamped with the present. */
    Issuer startAndSettle(SnowflakeGenerator.Builder builder) {
        Issuer process = start(builder);
        pass(FLOOR_PASSED);
        return process;
    }

    /** Ends the renewals of a process; its callers may still run. */
    void stop(Issuer process) {
        running.remove(process.loop());
    }

    /** Gives a node id back, as far as the store can be told. */
    void close(Issuer process) {
        process.ids().beginClose(() -> {});
        process.loop().run();
        stop(process);
    }

    /**
     * Lets time pass on every clock, a little at a time; processes that are not stopped take the steps that fall due,
     * one each in turn.
     */
    void pass(Duration elapsed) {
        long steps = Math.max(1, elapsed.dividedBy(STEP));
        Duration step = elapsed.dividedBy(steps);
        for (long i = 0; i < steps; i++) {
            clocks.forEach(clock -> clock.pass(step));
            boolean more = true;
            while (more) {
                more = oneStepEach();
            }
        }
    }

    private boolean oneStepEach() {
        boolean more = false;
        for (ManualLoop loop : List.copyOf(running)) {
            more |= loop.runOne();
        }
        return more;
    }

    Instant now() {
        return Instant.ofEpochMilli(time.wallMillis());
    }
}
