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
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * <p>Not every call reads the clock. An ID's tick is never more than {@code maxLead} ahead of the logical time at the moment
 * of issue, and at most two ticks behind it, with one exception: when the whole process stands still for longer (a
 * collection of garbage, a suspended machine) in the middle of a burst, up to 511 IDs per lane (or a block per thread, see
 * {@link Builder#blocks}), and no more than the burst had before, may still carry a tick from before the pause. Such IDs are
 * as unique, and as well in order, as any other.
 *
 * <p>Safe for use by many threads. Waiting holds no lock, so virtual threads are welcome.
 */
public sealed class SnowflakeGenerator implements IdGenerator permits BlockwiseGenerator {

    private static final long LONGEST_PARK_NANOS = 1_000_000;
    private static final long LONGEST_TICK_PARK_NANOS = 10_000_000;
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);

    private final IdLayout layout;
    private final TickScale scale;
    private final TimeSource time;
    private final LogicalClock clock;
    private final Pace pace;
    private final long maxWaitNanos;
    private final LaneHolder[] lanes;

    /**
     * Where every call tries first: the only lane, or one that never gives anything. One more test of a field before the
     * claim, to tell the two cases apart, would cost a third of what the claim does.
     */
    private final LaneHolder direct;

    private final MethodHandle theLongWay = OutOfLine.method(
            this,
            SnowflakeGenerator.class,
            "nextIdTheLongWay",
            MethodType.methodType(long.class, Lane.class, long.class));

    private final LeaseKeeper[] keepers;
    private final EventLoop[] loops;
    private final EventLoop watchLoop;
    private final @Nullable Blocks blocks;
    private final CeilingWatch watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    SnowflakeGenerator(Builder settings, @Nullable Blocks blocks) {
        layout = settings.layout;
        scale = layout.scale();
        time = settings.time;
        clock = new LogicalClock(time);
        pace = new Pace(scale, clock, settings.maxLead);
        maxWaitNanos = settings.maxWait.toNanos();
        lanes = Stream.generate(() -> new LaneHolder(layout, clock))
                .limit(settings.lanes)
                .toArray(LaneHolder[]::new);
        direct = lanes.length == 1 ? lanes[0] : new LaneHolder(layout, clock);
        loops = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.loops.apply("snowline-" + settings.namespace + "-" + lane))
                .toArray(EventLoop[]::new);
        keepers = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.keeper(lanes[lane], clock, loops[lane]))
                .toArray(LeaseKeeper[]::new);
        watchLoop = settings.loops.apply("snowline-" + settings.namespace + "-watch");
        this.blocks = blocks;
        watch = new CeilingWatch(lanes, blocks, time, watchLoop, scale.tick());
        clock.whenDrawn(watch::withdrawAll);
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
        Lane lane = direct.current();
        long taken = lane.takeId();
        return taken >= 0 ? taken : nextIdOtherwise(lane, taken);
    }

    private long nextIdOtherwise(Lane tried, long taken) {
        try {
            return (long) theLongWay.invokeExact(tried, taken);
        } catch (Throwable e) {
            throw OutOfLine.thrown(e);
        }
    }

    /** What {@link #nextId} does when the lane that it tries first has nothing at hand. Out of line. */
    final long nextIdTheLongWay(Lane tried, long taken) {
        return direct == lanes[0] ? nextIdAfterLook(tried, taken) : nextIdOfOwnLane();
    }

    final long nextIdOfOwnLane() {
        Lane own = lane().current();
        long taken = own.takeId();
        return taken >= 0 ? taken : nextIdAfterLook(own, taken);
    }

    /** Returns the next ID of the calling thread's next block. */
    final long nextIdOfNewBlock() {
        return nextIdAfterLook(lane().current(), Lane.NOTHING);
    }

    private long nextIdAfterLook(Lane lane, long taken) {
        long ticket = taken == Lane.NOTHING ? taken : ~taken;
        long id = lookAround(lane, ticket);
        long since = 0;
        while (id == Lane.NOTHING) {
            since = await(since, maxWaitNanos, lane, ticket);
            id = lookAround(lane, ticket);
        }
        return id;
    }

    /** Looks at the lanes, the caller's own first, for one ID. */
    private long lookAround(Lane issuer, long ticket) {
        int preferred = laneIndex();
        for (int i = 0; i < lanes.length; i++) {
            long id = look(lanes[(preferred + i) % lanes.length], issuer, ticket);
            if (id != Lane.NOTHING) {
                return id;
            }
        }
        return Lane.NOTHING;
    }

    private long look(LaneHolder holder, Lane issuer, long ticket) {
        while (true) {
            Lane lane = holder.current();
            long ceiling = lane.ceiling();
            long nanos = time.monotonicNanos();
            long present = pace.present(nanos);
            long end = lane.window().end();
            long limit = pace.limit(end, present);
            long position = blocks != null && blocks.suitCaller()
                    ? blocks.fill(lane, nanos, present, limit)
                    : lane.take(ceiling, lane == issuer ? ticket : Lane.NOTHING, nanos, present, limit);
            if (position != Lane.NOTHING) {
                watch.after(lane);
                return lane.idAt(position);
            }
            if (nothingLeft(holder, lane, ceiling, limit, end)) {
                return Lane.NOTHING;
            }
        }
    }

    /** Tells whether a lane that gave nothing has no successor that might. */
    private static boolean nothingLeft(LaneHolder holder, Lane lane, long ceiling, long limit, long end) {
        if (limit < end && !lane.sealed()) {
            lane.refused(ceiling, limit);
            return true;
        }
        lane.close(ceiling);
        return !holder.advance(lane);
    }

    @Override
    public void nextIds(long[] ids) {
        nextIds(ids, 0, ids.length, maxWaitNanos);
    }

    /**
     * Fills a part of an array as {@link #nextIds(long[])} does, with a wait of its own.
     *
     * @param from the index of the first ID
     * @param to the index behind the last one
     * @param maxWait how long to wait, at most, for the next ID that can be issued
     * @throws IdUnavailableException if not all can be issued safely now
     * @throws IndexOutOfBoundsException if the array has no such part; nothing is issued then
     */
    public void nextIds(long[] ids, int from, int to, Duration maxWait) {
        Objects.checkFromToIndex(from, to, ids.length);
        nextIds(ids, from, to, maxWait.toNanos());
    }

    /**
     * Fills a part of an array with what can be issued without waiting; does not block.
     *
     * @param from the index of the first ID
     * @param to the index behind the last one
     * @return how many were issued, ascending within a lane; 0 also when none can be issued at all, for which {@link
     *     #nextIds(long[])} gives the reason
     * @throws IndexOutOfBoundsException if the array has no such part; nothing is issued then
     */
    public int tryNextIds(long[] ids, int from, int to) {
        Objects.checkFromToIndex(from, to, ids.length);
        if (blocks != null) {
            blocks.drop();
        }
        int filled = from;
        int more = 1;
        while (filled < to && more > 0) {
            more = fill(ids, filled, to);
            filled += more;
        }
        return filled - from;
    }

    private void nextIds(long[] ids, int from, int to, long maxNanos) {
        if (blocks != null) {
            blocks.drop();
        }
        int filled = from;
        long since = 0;
        while (filled < to) {
            int more = fill(ids, filled, to);
            filled += more;
            since = more > 0 || filled == to ? 0 : await(since, maxNanos, lane().current(), Lane.NOTHING);
        }
    }

    /** Takes what the lanes give now, in as few steps as there are lanes to ask. */
    private int fill(long[] ids, int from, int to) {
        int preferred = laneIndex();
        int filled = from;
        for (int i = 0; i < lanes.length && filled < to; i++) {
            filled += fill(lanes[(preferred + i) % lanes.length], ids, filled, to);
        }
        return filled - from;
    }

    private int fill(LaneHolder holder, long[] ids, int from, int to) {
        while (from < to) {
            Lane lane = holder.current();
            long ceiling = lane.ceiling();
            long present = pace.present();
            long end = lane.window().end();
            long limit = pace.limit(end, present);
            long first = lane.claim(present, limit, to - from);
            if (first != Lane.NOTHING) {
                int taken = (int) Math.min(to - from, limit - first);
                layout.idsAt(first, lane.window().node(), ids, from, taken);
                return taken;
            }
            if (nothingLeft(holder, lane, ceiling, limit, end)) {
                return 0;
            }
        }
        return 0;
    }

    private LaneHolder lane() {
        return lanes[laneIndex()];
    }

    private int laneIndex() {
        return lanes.length == 1 ? 0 : (int) (Thread.currentThread().getId() % lanes.length);
    }

    // ---- waiting ----

    /**
     * Waits until the rate allows the caller's position, or some time where something else is in the way.
     *
     * @param since when the caller has begun to wait, as this method has answered; 0 at first
     * @param maxNanos how long it waits, at most
     * @param issuer the lane that the ticket is of
     * @param ticket the position that the caller has claimed, or {@link Lane#NOTHING}
     * @return when the caller has begun to wait
     */
    private long await(long since, long maxNanos, Lane issuer, long ticket) {
        long now = time.monotonicNanos();
        long begun = since == 0 ? now : since;
        long remaining = maxNanos - (now - begun);
        Lane lane = lane().current();
        long present = pace.present();
        long wanted = lane == issuer && ticket >= present ? ticket : Math.max(lane.newest() + 1, present);
        boolean tooFarAhead = wanted < lane.window().end();
        long needed = tooFarAhead ? pace.nanosUntil(wanted) : 0;
        if (closed.get() || remaining <= needed || Thread.currentThread().isInterrupted()) {
            throw obstacle(tooFarAhead, wanted);
        }
        time.parkNanos(
                Math.min(remaining, tooFarAhead ? Math.min(needed, LONGEST_TICK_PARK_NANOS) : LONGEST_PARK_NANOS));
        return begun;
    }

    private IdUnavailableException obstacle(boolean tooFarAhead, long wanted) {
        if (closed.get()) {
            return new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
        }
        if (tooFarAhead) {
            return pace.tooFarAhead(wanted);
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

    // ---- life ----

    /** Begins to acquire; what cannot begin for lack of memory or threads leaves nothing behind that goes on. */
    private void begin() {
        try {
            for (LeaseKeeper keeper : keepers) {
                keeper.start();
            }
        } catch (Throwable e) {
            endLoops();
            throw e;
        }
    }

    private void endLoops() {
        for (EventLoop loop : loops) {
            loop.close();
        }
        watchLoop.close();
    }

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
                lease.obstacle().filter(Obstacle::outcomeUnknown).isPresent(),
                lease.incarnation(),
                lease.obstacle().map(Obstacle::detail),
                lease.failure());
    }

    private Duration remaining(LaneHolder lane) {
        Window latest = lane.latest();
        long from = Math.max(Math.max(pace.present(), lane.newest() + 1), latest.start());
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
        endLoops();
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
        for (LaneHolder lane : lanes) {
            lane.seal();
        }
        if (blocks != null) {
            blocks.withdraw(); // after the lanes: what is claimed from now on fails
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
        private int blocks;
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
         * Lets each thread claim this many positions ahead, at most, so that threads do not meet at one word. What is promised
         * then is less: one caller's IDs still increase, those of several threads are in order only from tick to tick and
         * {@code maxLead}. A thread's block goes with the thread; virtual threads have none.
         *
         * @param value from 16 to 65,536; 0, the default: nobody claims ahead
         * @throws IllegalArgumentException if the number is outside its range
         */
        public Builder blocks(int value) {
            if (value != 0 && (value < 16 || value > 65_536)) {
                throw new IllegalArgumentException("blocks must be 0 or from 16 to 65536, got " + value);
            }
            blocks = value;
            return this;
        }

        /**
         * Sets how far bursts may run ahead of the time.
         *
         * @throws IllegalArgumentException if the duration is negative or longer than a day
         */
        public Builder maxLead(Duration value) {
            maxLead = Durations.requireWait("maxLead", value);
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
            SnowflakeGenerator generator = blocks == 0
                    ? new SnowflakeGenerator(this, null)
                    : new BlockwiseGenerator(
                            this, new Blocks(blocks, layout.scale().tickMillis()));
            generator.begin();
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
