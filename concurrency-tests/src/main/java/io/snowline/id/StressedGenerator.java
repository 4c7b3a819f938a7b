package io.snowline.id;

import io.snowline.lease.EventLoop;
import io.snowline.lease.LogicalClock;
import io.snowline.lease.StressedWindows;
import io.snowline.lease.Window;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A real generator with one lane, whose windows and time a case moves by hand; everything in between is the real code.
 * Positions are counted from the present at which every case begins. Thread-safe, except for creating it, drawing
 * beforehand and adding windows that follow.
 */
public final class StressedGenerator {

    /** 64 IDs per tick. */
    public static final IdLayout LAYOUT = new IdLayout(41, 10, 6, Duration.ofMillis(1), IdLayout.DEFAULT_EPOCH);

    /** The node id of the first window; each window that follows has the next one. */
    public static final int NODE = 5;

    static final long NOW =
            IdLayout.DEFAULT_EPOCH.toEpochMilli() + Duration.ofDays(700).toMillis();
    private static final long PRESENT = LAYOUT.scale().positionAt(NOW);
    private static final Duration MAX_WAIT = Duration.ofMillis(3);
    private static final int FEW = 5;
    private static final int SHORT_WAIT = 200;
    private static final StressedTime TIME = new StressedTime(NOW);

    private static final SnowflakeGenerator.Builder SINGLE = settings();
    private static final SnowflakeGenerator.Builder WAITING = settings().maxWait(MAX_WAIT);

    private static final VarHandle LANES = field("lanes", LaneHolder[].class);
    private static final VarHandle CLOCK = field("clock", LogicalClock.class);
    private static final VarHandle WATCH = field("watch", CeilingExpiry.class);

    private final SnowflakeGenerator ids;
    private final LaneHolder holder;
    private int windows;

    private StressedGenerator(SnowflakeGenerator.Builder settings, long positions) {
        ids = settings.start();
        holder = ((LaneHolder[]) LANES.get(ids))[0];
        follow(0, positions);
        holder.advance(holder.current());
    }

    private static SnowflakeGenerator.Builder settings() {
        return SnowflakeGenerator.builder(new MemoryStore(() -> NOW), "stressed")
                .layout(LAYOUT)
                .maxLead(Duration.ofSeconds(1))
                .maxWait(Duration.ZERO)
                .timeSource(TIME)
                .random(() -> ThreadLocalRandom.current().nextLong())
                .loops(name -> new NoLoop());
    }

    private static VarHandle field(String name, Class<?> type) {
        try {
            return MethodHandles.privateLookupIn(SnowflakeGenerator.class, MethodHandles.lookup())
                    .findVarHandle(SnowflakeGenerator.class, name, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Makes a generator whose window has this many positions, from the present on; its callers do not wait. */
    public static StressedGenerator withWindow(long positions) {
        return new StressedGenerator(SINGLE, positions);
    }

    /** Makes a generator whose callers wait; see {@link #whileWaiting}. */
    public static StressedGenerator withWaits(long positions) {
        return new StressedGenerator(WAITING, positions);
    }

    // ---- before a case begins ----

    /** Draws one by one until this many positions are left below an open ceiling. */
    public StressedGenerator drawUntilBelowCeiling(long left) {
        while (holder.current().ceiling() - next() != left) {
            long unused = ids.nextId();
        }
        return this;
    }

    /** Draws one by one until this many positions are left below an open ceiling that is the end of a tick. */
    public StressedGenerator drawUntilBelowTickEnd(long left) {
        drawUntilBelowCeiling(left);
        while (LAYOUT.scale().nextTick(next()) != holder.current().ceiling()) {
            long unused = ids.nextId();
            drawUntilBelowCeiling(left);
        }
        return this;
    }

    /** Draws one by one until this many positions of the window are left. */
    public StressedGenerator drawUntilBelowEnd(long left) {
        while (window().end() - next() > left) {
            long unused = ids.nextId();
        }
        return this;
    }

    /** Withdraws the ceiling before a case begins. */
    public StressedGenerator withdrawn() {
        withdraw();
        return this;
    }

    /** Lets another window follow the current one. */
    public StressedGenerator follow(long from, long positions) {
        holder.offer(new Window(NODE + windows, PRESENT + from, PRESENT + from + positions));
        windows++;
        return this;
    }

    // ---- callers ----

    /**
     * Returns an ID.
     *
     * @throws IdUnavailableException if there is none
     */
    public long nextId() {
        return ids.nextId();
    }

    /** Fills as much of a part of an array as it can; returns how many IDs that were. */
    public int tryNextIds(long[] batch, int from, int to) {
        return ids.tryNextIds(batch, from, to);
    }

    /** Runs calls that wait, and runs something else each time one does. */
    public static void whileWaiting(Runnable calls, Runnable meanwhile) {
        TIME.during(calls, meanwhile);
    }

    // ---- what else goes on ----

    /**
     * Waits until callers have claimed a few more positions, a random number of them; but not for long, since there may
     * be no caller.
     */
    public void waitForClaims() {
        waitForClaims(FEW);
    }

    /** The same, for a random number below {@code below}. */
    public void waitForClaims(int below) {
        long enough = next() + ThreadLocalRandom.current().nextInt(below);
        for (int i = 0; i < SHORT_WAIT && next() < enough; i++) {
            Thread.onSpinWait();
        }
    }

    /** Extends the window to this many positions after the present. */
    public void extend(Window window, long positions) {
        StressedWindows.extend(window, PRESENT + positions);
    }

    /** Seals the lane; returns the newest position that may have been stamped. */
    public long seal() {
        return holder.seal() - PRESENT;
    }

    /** Goes on to the window that follows, as a caller does that finds the lane used up. */
    public boolean advance() {
        return holder.advance(holder.current());
    }

    /** Withdraws the ceiling. */
    public void withdraw() {
        ((CeilingExpiry) WATCH.get(ids)).withdrawAll();
    }

    /** Corrects the clock: it jumps this many ticks forward from where every case begins. */
    public void jump(long ticks) {
        ((LogicalClock) CLOCK.get(ids)).correct((NOW + ticks) * 1_000);
    }

    public Window window() {
        return holder.current().window();
    }

    private long next() {
        return holder.current().next();
    }

    // ---- what an ID says ----

    public static long position(long id) {
        return LAYOUT.position(id) - PRESENT;
    }

    public static long tick(long id) {
        return position(id) >> LAYOUT.sequenceBits();
    }

    /** The loop of a lease keeper and of a watch that never run: a case does what they would do. */
    private static final class NoLoop implements EventLoop {
        @Override
        public void execute(Runnable task) {
            // never
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            // never
        }

        @Override
        public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            // never
        }

        @Override
        public void close() {
            // nothing to end
        }
    }
}
