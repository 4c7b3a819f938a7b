package io.snowline.id;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.id.IdUnavailableException.Reason;
import io.snowline.lease.EventLoop;
import io.snowline.lease.LeaseKeeper;
import io.snowline.lease.LeaseStatus;
import io.snowline.lease.LogicalClock;
import io.snowline.lease.Obstacle;
import io.snowline.time.TickScale;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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
 * <p>IDs are unique within their namespace, whatever clocks, pauses, crashes and partitions do. With one lane, one
 * caller's IDs strictly increase, and so do the IDs of all callers in the order in which they were claimed; with
 * several lanes that holds within each lane. Between processes, IDs are ordered by time as far as their clocks agree.
 * Bursts above the layout's rate are stamped up to {@code maxLead} ahead of the clock; beyond that a caller waits up to
 * {@code maxWait}. While the coordinator is unreachable, IDs are issued until the window ends, for up to
 * {@link ReservationSettings#ahead()}.
 *
 * <p>Not every call reads the clock. An ID's tick is never more than {@code maxLead} ahead of the logical time at the
 * moment of issue, and at most two ticks behind it, with one exception: when the whole process stands still for longer
 * (a garbage collection, a suspended machine) in the middle of a burst, up to 511 IDs per lane, and no more than the
 * burst had before, may still carry a tick from before the pause. Such IDs are as unique, and as well ordered, as any
 * other.
 *
 * <p>Thread-safe. No lock is held while waiting, so virtual threads are welcome.
 */
public final class SnowflakeGenerator implements IdGenerator {

    /** How long a call waits before it throws, unless configured otherwise. */
    public static final Duration DEFAULT_MAX_WAIT = Duration.ofMillis(100);

    private static final int CALLS_OUT_OF_LINE = 2;
    private static final long LONGEST_PARK_NANOS = 1_000_000;
    private static final long LONGEST_TICK_PARK_NANOS = 10_000_000;
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(5);
    private static final Set<Obstacle.Kind> FINAL = Set.of(Obstacle.Kind.NAMESPACE_MISMATCH, Obstacle.Kind.END_OF_TIME);
    private static final Obstacle REFILLING = new Obstacle(
            Obstacle.Kind.WINDOW_AHEAD,
            "the window is used up and the next one is being reserved",
            Duration.ofMillis(100));

    private final IdLayout layout;
    private final TickScale scale;
    private final TimeSource time;
    private final LogicalClock clock;
    private final LeadLimit pace;
    private final long maxWaitNanos;
    private final LaneHolder[] lanes;

    /**
     * The lane that every call tries first: the only one, or a dummy that never yields anything. One more field test
     * before the claim, to tell the two cases apart, would cost a third of the claim itself.
     */
    private final LaneHolder direct;

    private final LeaseKeeper[] keepers;
    private final EventLoop[] loops;
    private final EventLoop watchLoop;
    private final CeilingExpiry watch;
    private final AtomicBoolean closed = new AtomicBoolean();

    private SnowflakeGenerator(Builder settings) {
        layout = settings.layout;
        scale = layout.scale();
        time = settings.time;
        clock = new LogicalClock(time, settings.locks.get());
        pace = new LeadLimit(scale, clock, settings.maxLead);
        maxWaitNanos = settings.maxWait.toNanos();
        lanes = Stream.generate(() -> new LaneHolder(layout, clock, settings.locks.get()))
                .limit(settings.lanes)
                .toArray(LaneHolder[]::new);
        direct = lanes.length == 1 ? lanes[0] : new LaneHolder(layout, clock, settings.locks.get());
        loops = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.loops.apply("snowline-" + settings.namespace + "-" + lane))
                .toArray(EventLoop[]::new);
        String label = settings.label.get();
        keepers = IntStream.range(0, settings.lanes)
                .mapToObj(lane -> settings.keeper(label, lanes[lane], clock, loops[lane]))
                .toArray(LeaseKeeper[]::new);
        watchLoop = settings.loops.apply("snowline-" + settings.namespace + "-watch");
        watch = new CeilingExpiry(lanes, time, watchLoop, scale.tick());
        clock.whenDrawn(watch::withdrawAll);
    }

    /**
     * Begins the configuration of a generator.
     *
     * @param coordinator stays open after the generator is closed; closing it is up to the caller
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
        return taken >= 0 ? taken : outOfLine(CALLS_OUT_OF_LINE, lane, taken);
    }

    /**
     * Calls the slow path such that it is never inlined into {@link #nextId}. If a compiler met {@code nextId} while
     * every call still took the slow path, it would inline all of that, find the result too big to be inlined into
     * callers, and leave it so: the fast path would then be 50 % slower, in about one JVM of three. HotSpot inlines a
     * method into itself once ({@code MaxRecursiveInlineLevel}); with the calls counted by a constant, it unrolls the
     * first two to nothing, and makes the third a real call.
     */
    private long outOfLine(int calls, Lane tried, long taken) {
        return calls > 0 ? outOfLine(calls - 1, tried, taken) : nextIdTheLongWay(tried, taken);
    }

    /** Does what {@link #nextId} does if the lane that it tries first has nothing available. */
    private long nextIdTheLongWay(Lane tried, long taken) {
        return direct == lanes[0] ? nextIdAfterLook(tried, taken) : nextIdOfOwnLane();
    }

    private long nextIdOfOwnLane() {
        Lane own = lane().current();
        long taken = own.takeId();
        return taken >= 0 ? taken : nextIdAfterLook(own, taken);
    }

    private long nextIdAfterLook(Lane lane, long taken) {
        long ticket = taken == Lane.NOTHING ? taken : ~taken;
        long id = lookAround(lane, ticket);
        if (id == Lane.NOTHING) {
            Deadline deadline = new Deadline(time, maxWaitNanos);
            while (id == Lane.NOTHING) {
                await(deadline, lane, ticket);
                id = lookAround(lane, ticket);
            }
        }
        return id;
    }

    /** Tries the lanes, the caller's own first, for one ID. */
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
            long position = lane.take(ceiling, lane == issuer ? ticket : Lane.NOTHING, nanos, present, limit);
            if (position != Lane.NOTHING) {
                watch.after(lane);
                return lane.idAt(position);
            }
            if (nothingLeft(holder, lane, ceiling, limit, end)) {
                return Lane.NOTHING;
            }
        }
    }

    /** Tells whether a lane that yielded nothing has no successor that might. */
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
     * Fills a part of an array as {@link #nextIds(long[])} does, with its own maximum wait.
     *
     * @param from the index of the first ID
     * @param to the index after the last ID
     * @param maxWait how long to wait, at most, for the next ID that can be issued
     * @throws IdUnavailableException if not all can be issued safely now
     * @throws IndexOutOfBoundsException if the array has no such part; nothing is issued then
     */
    public void nextIds(long[] ids, int from, int to, Duration maxWait) {
        Objects.checkFromToIndex(from, to, ids.length);
        nextIds(ids, from, to, Deadline.nanos(maxWait));
    }

    /**
     * Fills a part of an array with the IDs that can be issued without waiting; does not block.
     *
     * @param from the index of the first ID
     * @param to the index after the last ID
     * @return how many were issued, ascending within a lane; 0 also if none can be issued at all, for which
     *     {@link #nextIds(long[])} gives the reason
     * @throws IndexOutOfBoundsException if the array has no such part; nothing is issued then
     */
    public int tryNextIds(long[] ids, int from, int to) {
        Objects.checkFromToIndex(from, to, ids.length);
        int filled = from;
        int more = 1;
        while (filled < to && more > 0) {
            more = fill(ids, filled, to);
            filled += more;
        }
        return filled - from;
    }

    private void nextIds(long[] ids, int from, int to, long maxNanos) {
        int filled = from;
        while (filled < to) {
            int more = fill(ids, filled, to);
            if (more == 0) {
                more = fillAfterWait(ids, filled, to, new Deadline(time, maxNanos));
            }
            filled += more;
        }
    }

    private int fillAfterWait(long[] ids, int from, int to, Deadline deadline) {
        int more = 0;
        while (more == 0) {
            await(deadline, lane().current(), Lane.NOTHING);
            more = fill(ids, from, to);
        }
        return more;
    }

    /** Takes what the lanes have now, in as few steps as there are lanes to try. */
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

    // ---- ranges ----

    /**
     * Issues positions in a row, as many as one lane gives without waiting; does not block. Ranges come from the same
     * claims as IDs, so no ID of a range is ever issued in another way.
     *
     * @param atMost how many positions at most, 1 or more
     * @return from 1 to {@code atMost} positions of one node id; empty if none can be issued without waiting, for which
     *     {@link #nextRange} gives the reason
     * @throws IllegalArgumentException if {@code atMost} is less than 1
     */
    public Optional<IdRange> tryNextRange(int atMost) {
        if (atMost < 1) {
            throw new IllegalArgumentException("atMost must be at least 1, got " + atMost);
        }
        int preferred = laneIndex();
        IdRange range = null;
        for (int i = 0; i < lanes.length && range == null; i++) {
            range = range(lanes[(preferred + i) % lanes.length], atMost);
        }
        return Optional.ofNullable(range);
    }

    /**
     * Issues positions in a row as {@link #tryNextRange} does, and waits if there is none.
     *
     * @param atMost how many positions at most, 1 or more
     * @param maxWait how long to wait, at most, for the first position that can be issued
     * @return from 1 to {@code atMost} positions of one node id
     * @throws IdUnavailableException if not one can be issued safely now
     * @throws IllegalArgumentException if {@code atMost} is less than 1
     */
    public IdRange nextRange(int atMost, Duration maxWait) {
        Optional<IdRange> range = tryNextRange(atMost);
        if (range.isEmpty()) {
            Deadline deadline = new Deadline(time, maxWait);
            while (range.isEmpty()) {
                await(deadline, lane().current(), Lane.NOTHING);
                range = tryNextRange(atMost);
            }
        }
        return range.get();
    }

    private @Nullable IdRange range(LaneHolder holder, int atMost) {
        while (true) {
            Lane lane = holder.current();
            long ceiling = lane.ceiling();
            long present = pace.present();
            long end = lane.window().end();
            long limit = pace.limit(end, present);
            long first = lane.claim(present, limit, atMost);
            if (first != Lane.NOTHING) {
                return new IdRange(layout, lane.window().node(), first, (int) Math.min(atMost, limit - first));
            }
            if (nothingLeft(holder, lane, ceiling, limit, end)) {
                return null;
            }
        }
    }

    private LaneHolder lane() {
        return lanes[laneIndex()];
    }

    private int laneIndex() {
        return lanes.length == 1 ? 0 : (int) (Thread.currentThread().getId() % lanes.length);
    }

    // ---- waiting ----

    /**
     * Waits until the rate allows the earliest available position, or for some time if something else is in the way.
     *
     * @param issuer the lane that issued the ticket
     * @param ticket the position that the caller has claimed, or {@link Lane#NOTHING}
     * @throws IdUnavailableException if the deadline comes first
     */
    private void await(Deadline deadline, Lane issuer, long ticket) {
        long wanted = soonest(issuer, ticket);
        boolean tooFarAhead = wanted != Lane.NOTHING;
        long needed = tooFarAhead ? pace.nanosUntil(wanted) : 0;
        if (closed.get()
                || deadline.remainingNanos() <= needed
                || Thread.currentThread().isInterrupted()) {
            throw obstacle(wanted);
        }
        deadline.park(tooFarAhead ? Math.min(needed, LONGEST_TICK_PARK_NANOS) : LONGEST_PARK_NANOS);
    }

    /** Returns the lowest position that any lane has left for the caller; {@link Lane#NOTHING} if there is none. */
    private long soonest(Lane issuer, long ticket) {
        long present = pace.present();
        long soonest = Long.MAX_VALUE;
        for (LaneHolder holder : lanes) {
            Lane lane = holder.current();
            long next = lane == issuer && ticket >= present ? ticket : Math.max(lane.newest() + 1, present);
            if (next < lane.window().end()) {
                soonest = Math.min(soonest, next);
            }
        }
        return soonest == Long.MAX_VALUE ? Lane.NOTHING : soonest;
    }

    private IdUnavailableException obstacle(long wanted) {
        if (closed.get()) {
            return new IdUnavailableException(Reason.CLOSED, Duration.ZERO, "the generator was closed");
        }
        return wanted == Lane.NOTHING ? IdUnavailableException.of(leastObstacle()) : pace.tooFarAhead(wanted);
    }

    /** Returns the obstacle of the lane that is likely to recover first: one that holds a node id, if there is one. */
    private Obstacle leastObstacle() {
        LeaseStatus nearest = Stream.of(keepers)
                .map(LeaseKeeper::status)
                .min(Comparator.comparing((LeaseStatus lease) -> lease.node().isEmpty())
                        .thenComparing(lease -> inTheWayOf(lease).retryAfter()))
                .orElseThrow();
        return inTheWayOf(nearest);
    }

    private static Obstacle inTheWayOf(LeaseStatus lease) {
        return lease.obstacle().orElse(REFILLING);
    }

    // ---- life ----

    /** Begins to acquire; if that fails for lack of memory or threads, nothing is left running. */
    private void begin() {
        try {
            for (LeaseKeeper keeper : keepers) {
                keeper.start();
            }
        } catch (Throwable e) {
            closeLoops();
            throw e;
        }
    }

    /**
     * Waits until IDs can be issued.
     *
     * @return whether they can; {@code false} after the timeout, if the thread is interrupted, and immediately if
     *     waiting does not help: the generator was closed, the namespace was fixed with other settings, or the layout's
     *     time is over
     */
    public boolean awaitReady(Duration timeout) {
        Deadline deadline = new Deadline(time, timeout);
        while (!ready()) {
            if (hopeless()
                    || deadline.remainingNanos() <= 0
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            deadline.park(LONGEST_PARK_NANOS);
        }
        return true;
    }

    /** Tells whether no lane will ever have a window, however long a caller waits. */
    private boolean hopeless() {
        return closed.get()
                || Stream.of(keepers).allMatch(keeper -> keeper.status()
                        .obstacle()
                        .filter(obstacle -> FINAL.contains(obstacle.kind()))
                        .isPresent());
    }

    private boolean ready() {
        return Stream.of(lanes).anyMatch(lane -> remaining(lane).toNanos() > 0);
    }

    /** Returns the state of each lane. */
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
        return closed.get() ? Duration.ZERO : Duration.ofMillis(lane.remainingMillis());
    }

    @Override
    public IdLayout layout() {
        return layout;
    }

    /**
     * Seals every lane, releases the node ids and ends. Takes a few seconds at most if the coordinator does not answer;
     * the node ids are then free again some time after their windows have ended. A {@link LeaseListener} may call it:
     * the lanes are then sealed, and the node ids are released once the listener has returned.
     *
     * <p>No call that begins afterwards gets an ID, whichever thread closed the generator.
     */
    @Override
    public void close() {
        CountDownLatch released = new CountDownLatch(keepers.length);
        if (!begunToClose(released) || onOwnLoop()) {
            return;
        }
        try {
            var unused = released.await(RELEASE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeLoops();
    }

    /**
     * Begins to close; if that fails for lack of memory, nothing is left running, and the node ids are free after their
     * windows.
     */
    private boolean begunToClose(CountDownLatch released) {
        try {
            return beginClose(() -> laneDone(released));
        } catch (Throwable e) {
            closeLoops();
            throw e;
        }
    }

    /** Tells whether the calling thread is one that releases a node id, and would wait for itself. */
    private boolean onOwnLoop() {
        return Stream.of(loops).anyMatch(EventLoop::isCurrentThread);
    }

    private void laneDone(CountDownLatch released) {
        released.countDown();
        if (released.getCount() == 0) {
            closeLoops();
        }
    }

    private void closeLoops() {
        for (EventLoop loop : loops) {
            loop.close();
        }
        watchLoop.close();
    }

    /**
     * Seals every lane and begins to release the node ids; only seals if that has already begun, perhaps on another
     * thread just now.
     *
     * @param laneDone runs once for each lane that has finished
     * @return whether it had not begun before
     */
    boolean beginClose(Runnable laneDone) {
        boolean first = closed.compareAndSet(false, true);
        for (LaneHolder lane : lanes) {
            lane.seal();
        }
        if (first) {
            for (LeaseKeeper keeper : keepers) {
                keeper.close(laneDone);
            }
        }
        return first;
    }

    /**
     * The settings of a generator, in addition to those that {@linkplain GeneratorBuilder every generator has}. Not
     * thread-safe.
     *
     * <table>
     * <caption>Settings</caption>
     * <tr><th>setting</th><th>default</th><th>meaning</th></tr>
     * <tr><td>lanes</td><td>1</td><td>node ids held at the same time</td></tr>
     * <tr><td>maxLead</td><td>1 s</td><td>how far bursts may run ahead of the clock, in whole ticks; up to 1
     *   h</td></tr>
     * </table>
     */
    public static final class Builder extends GeneratorBuilder<Builder> {

        private int lanes = 1;
        private Duration maxLead = Duration.ofSeconds(1);
        private Supplier<ReentrantLock> locks = ReentrantLock::new;

        private Builder(NodeCoordinator coordinator, String namespace) {
            super(coordinator, namespace, DEFAULT_MAX_WAIT);
        }

        @Override
        Builder self() {
            return this;
        }

        @Override
        IssuingMode mode() {
            return IssuingMode.LEASED;
        }

        public Builder lanes(int value) {
            lanes = value;
            return this;
        }

        /**
         * Sets how far bursts may run ahead of the clock.
         *
         * @throws IllegalArgumentException if the duration is negative or longer than 1 h
         */
        public Builder maxLead(Duration value) {
            maxLead = Durations.requireUpToAnHour("maxLead", value);
            return this;
        }

        /** Sets the factory of locks; for simulations, which must know where a thread may not be stopped alone. */
        Builder locks(Supplier<ReentrantLock> value) {
            locks = Objects.requireNonNull(value, "locks");
            return this;
        }

        /**
         * Starts the generator, which begins to acquire its node ids in the background; {@link #awaitReady} waits for
         * it.
         *
         * @throws IllegalArgumentException if the settings contradict each other
         */
        public SnowflakeGenerator start() {
            NodeIdRange range = range();
            if (lanes < 1 || lanes > range.size()) {
                throw new IllegalArgumentException(
                        "lanes must be from 1 to the number of node ids, %s, got %s".formatted(range.size(), lanes));
            }
            requireStartInReach();
            SnowflakeGenerator generator = new SnowflakeGenerator(this);
            generator.begin();
            return generator;
        }

        private LeaseKeeper keeper(String label, LaneHolder lane, LogicalClock clock, EventLoop loop) {
            return new LeaseKeeper(new LeaseKeeper.Parts(
                    spec(), reservation, label, coordinator, lane, clock, time, random, loop, listener));
        }
    }
}
