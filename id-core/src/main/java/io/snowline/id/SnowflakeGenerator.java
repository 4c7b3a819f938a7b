package io.snowline.id;

import io.snowline.coordination.EventLoop;
import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseKeeper;
import io.snowline.coordination.LeaseStatus;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.Obstacle;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.Window;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.time.LogicalClock;
import io.snowline.time.TickScale;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Stamps IDs in memory, from windows that are reserved in a coordinator ahead of time (leased mode).
 *
 * <pre>{@code
 * NodeCoordinator coordinator = factory.open();
 * try (SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "orders").start()) {
 *     long id = ids.nextId();
 * }
 * }</pre>
 *
 * <p>IDs are unique within their namespace whatever clocks, pauses, crashes and partitions do. With one lane, one
 * caller's IDs strictly increase, and so do the IDs of all callers in the order in which they were claimed; with several
 * lanes that holds within each lane. Between processes, IDs are ordered by time as far as clocks agree. Bursts above the
 * layout's rate are stamped up to {@code maxLead} ahead of the time; beyond that a caller waits up to {@code maxWait}.
 * With the coordinator away, IDs are issued until the window ends, for up to {@link ReservationSettings#ahead()}.
 *
 * <p>Safe for use by many threads. Waiting holds no lock, so virtual threads are welcome.
 */
public final class SnowflakeGenerator implements IdGenerator {

    private static final long LONGEST_PARK_NANOS = 1_000_000;
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

    private final IdLayout layout;
    private final TickScale scale;
    private final TimeSource time;
    private final LogicalClock clock;
    private final long maxLeadTicks;
    private final long maxWaitNanos;
    private final LaneHolder[] lanes;
    private final LeaseKeeper[] keepers;
    private final EventLoop[] loops;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SnowflakeGenerator(Builder settings) {
        layout = settings.layout;
        scale = layout.scale();
        time = settings.time;
        clock = new LogicalClock(time);
        maxLeadTicks = settings.maxLead.toMillis() / scale.tickMillis();
        maxWaitNanos = settings.maxWait.toNanos();
        lanes = Stream.generate(() -> new LaneHolder(scale, clock))
                .limit(settings.lanes)
                .toArray(LaneHolder[]::new);
        loops = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.loops.apply("snowline-" + settings.namespace + "-" + lane))
                .toArray(EventLoop[]::new);
        keepers = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.keeper(lanes[lane], clock, loops[lane]))
                .toArray(LeaseKeeper[]::new);
    }

    /**
     * Begins the configuration of a generator.
     *
     * @param coordinator stays open, and the caller's to close, after the generator is closed
     * @param namespace the namespace whose IDs must differ from each other
     * @throws IllegalArgumentException if the namespace's name breaks the rule for names
     */
    public static Builder builder(NodeCoordinator coordinator, String namespace) {
        return new Builder(coordinator, namespace);
    }

    @Override
    public long nextId() {
        LaneHolder holder = lane();
        Lane lane = holder.current();
        Window window = lane.window();
        long present = present();
        long first = lane.claim(present, limit(window, present), 1);
        if (first != Lane.NOTHING) {
            return layout.idAt(first, window.node());
        }
        long[] one = new long[1];
        nextIds(one);
        return one[0];
    }

    @Override
    public void nextIds(long[] ids) {
        int filled = 0;
        long waitUntil = 0;
        while (filled < ids.length) {
            int more = fill(ids, filled);
            filled += more;
            if (more == 0) {
                long now = time.monotonicNanos();
                waitUntil = waitUntil == 0 ? now + maxWaitNanos : waitUntil;
                await(waitUntil - now);
            } else {
                waitUntil = 0;
            }
        }
    }

    /** Takes what the lanes give now, in as few steps as there are lanes to ask. */
    private int fill(long[] ids, int from) {
        int preferred = laneIndex();
        for (int i = 0; i < lanes.length; i++) {
            int taken = fill(lanes[(preferred + i) % lanes.length], ids, from);
            if (taken > 0) {
                return taken;
            }
        }
        return 0;
    }

    private int fill(LaneHolder holder, long[] ids, int from) {
        while (true) {
            Lane lane = holder.current();
            Window window = lane.window();
            long present = present();
            long limit = limit(window, present);
            long first = lane.claim(present, limit, ids.length - from);
            if (first != Lane.NOTHING) {
                int taken = (int) Math.min(ids.length - from, limit - first);
                layout.idsAt(first, window.node(), ids, from, taken);
                return taken;
            }
            boolean tooFarAhead = limit < window.end() && !lane.sealed();
            if (tooFarAhead || !holder.advance(lane)) {
                return 0;
            }
        }
    }

    private long present() {
        return scale.positionAt(clock.millis());
    }

    /** Returns the position that nothing may reach now: the window's end, or the tick that is too far ahead. */
    private long limit(Window window, long present) {
        long tooFarTick = scale.tickOf(present) + maxLeadTicks + 1;
        return tooFarTick > scale.lastTick()
                ? window.end()
                : Math.min(window.end(), tooFarTick << scale.sequenceBits());
    }

    private LaneHolder lane() {
        return lanes[laneIndex()];
    }

    private int laneIndex() {
        return lanes.length == 1 ? 0 : (int) (Thread.currentThread().getId() % lanes.length);
    }

    // ---- waiting ----

    private void await(long remainingNanos) {
        IdUnavailableException obstacle = obstacle();
        long needed = obstacle.reason() == Reason.RATE_EXCEEDED
                ? obstacle.retryAfter().toNanos()
                : 0;
        if (closed.get() || remainingNanos <= needed || Thread.currentThread().isInterrupted()) {
            throw obstacle;
        }
        time.parkNanos(Math.min(remainingNanos, LONGEST_PARK_NANOS));
    }

    private IdUnavailableException obstacle() {
        if (closed.get()) {
            return new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
        }
        LaneHolder holder = lane();
        Window window = holder.current().window();
        long next = Math.max(holder.newest() + 1, present());
        if (next < window.end()) {
            return rateExceeded(scale.tickOf(next));
        }
        return keepers[laneIndex()]
                .status()
                .obstacle()
                .map(IdUnavailableException::of)
                .orElseGet(() -> new IdUnavailableException(
                        Reason.WINDOW_AHEAD,
                        Duration.ofMillis(100),
                        "the window is used up and the next one is being reserved"));
    }

    private IdUnavailableException rateExceeded(long tick) {
        long aheadMillis =
                scale.millisAt(tick << scale.sequenceBits()) - maxLeadTicks * scale.tickMillis() - clock.millis();
        return new IdUnavailableException(
                Reason.RATE_EXCEEDED,
                Duration.ofMillis(Math.max(1, aheadMillis)),
                "more IDs are asked for than the layout gives: %d per tick and node id, and maxLead %d ms is used up"
                        .formatted(1L << scale.sequenceBits(), maxLeadTicks * scale.tickMillis()));
    }

    // ---- life ----

    /**
     * Waits until IDs can be issued.
     *
     * @return whether they can; {@code false} after the timeout, or when the thread is interrupted
     */
    public boolean awaitReady(Duration timeout) {
        long deadline = time.monotonicNanos() + timeout.toNanos();
        while (!ready()) {
            if (time.monotonicNanos() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            time.parkNanos(LONGEST_PARK_NANOS);
        }
        return true;
    }

    private boolean ready() {
        return Stream.of(lanes).anyMatch(lane -> remaining(lane).toNanos() > 0);
    }

    /** Returns how each lane stands. */
    public List<LaneStatus> status() {
        return IntStream.range(0, lanes.length).mapToObj(this::status).toList();
    }

    private LaneStatus status(int index) {
        LaneHolder lane = lanes[index];
        LeaseStatus lease = keepers[index].status();
        long end = lane.latest().end();
        long newest = lane.newest();
        long stampedMillis = newest < lane.current().window().start() ? clock.millis() : scale.millisAt(newest);
        return new LaneStatus(
                lease.node(),
                Instant.ofEpochMilli(scale.millisAt(end)),
                remaining(lane),
                Duration.ofMillis(stampedMillis - time.wallMillis()),
                lease.obstacle()
                        .filter(obstacle -> obstacle.kind() == Obstacle.Kind.COORDINATOR_UNAVAILABLE)
                        .isPresent(),
                lease.incarnation(),
                lease.obstacle().map(Obstacle::detail));
    }

    private Duration remaining(LaneHolder lane) {
        Window latest = lane.latest();
        long from = Math.max(Math.max(present(), lane.newest() + 1), latest.start());
        if (closed.get() || from >= latest.end()) {
            return Duration.ZERO;
        }
        return Duration.ofMillis(Math.max(1, scale.millisAt(latest.end()) - scale.millisAt(from)));
    }

    @Override
    public IdLayout layout() {
        return layout;
    }

    /**
     * Seals every lane, gives the node ids back and ends. Takes a few seconds at most when the coordinator does not answer;
     * then the node ids are free again some time after their windows have ended.
     */
    @Override
    public void close() {
        CountDownLatch released = new CountDownLatch(keepers.length);
        if (!beginClose(released::countDown)) {
            return;
        }
        try {
            var unused = released.await(RELEASE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (EventLoop loop : loops) {
            loop.close();
        }
    }

    /**
     * Seals every lane and begins to give the node ids back; does nothing if that was begun before.
     *
     * @param laneDone runs once for each lane that is done with it
     */
    boolean beginClose(Runnable laneDone) {
        if (!closed.compareAndSet(false, true)) {
            return false;
        }
        for (LeaseKeeper keeper : keepers) {
            keeper.close(laneDone);
        }
        return true;
    }

    /**
     * The settings of a generator, beside those that {@linkplain GeneratorBuilder every generator has}. Not safe for use by
     * many threads.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
     * <tr><td>lanes</td><td>1</td><td>node ids held at once</td></tr>
     * <tr><td>maxLead</td><td>1 s</td><td>how far bursts may run ahead of the time, in whole ticks</td></tr>
     * </table>
     */
    public static final class Builder extends GeneratorBuilder<Builder> {

        private int lanes = 1;
        private Duration maxLead = Duration.ofSeconds(1);

        private Builder(NodeCoordinator coordinator, String namespace) {
            super(coordinator, namespace, Duration.ofMillis(100));
        }

        @Override
        Builder self() {
            return this;
        }

        public Builder lanes(int value) {
            lanes = value;
            return this;
        }

        /**
         * Sets how far bursts may run ahead of the time.
         *
         * @throws IllegalArgumentException if the duration is negative
         */
        public Builder maxLead(Duration value) {
            maxLead = Durations.requireNotNegative("maxLead", value);
            return this;
        }

        /**
         * Makes the generator, which begins to acquire its node ids in the background; {@link #awaitReady} waits for it.
         *
         * @throws IllegalArgumentException if the settings contradict each other
         */
        public SnowflakeGenerator start() {
            NodeIdRange range = range();
            if (lanes < 1 || lanes > range.size()) {
                throw new IllegalArgumentException(
                        "lanes must be from 1 to the number of node ids, %d, got %d".formatted(range.size(), lanes));
            }
            SnowflakeGenerator generator = new SnowflakeGenerator(this);
            for (LeaseKeeper keeper : generator.keepers) {
                keeper.start();
            }
            return generator;
        }

        private LeaseKeeper keeper(LaneHolder lane, LogicalClock clock, EventLoop loop) {
            return new LeaseKeeper(new LeaseKeeper.Parts(
                    spec(IssuingMode.LEASED),
                    reservation,
                    label,
                    coordinator,
                    lane,
                    clock,
                    time,
                    random,
                    loop,
                    listener));
        }
    }
}
