package io.snowline.simulated;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a simulated process that can stop in the middle of the real code, and goes on later, or never. It never
 * runs at the same time as the simulation: {@link #proceed} lets it run until it waits or ends, and the simulation goes
 * on only then.
 */
public final class Fiber extends SimulatedThread {

    /** Unwinds the code of a process that is dead. Not an exception, which the code under test would handle. */
    @SuppressWarnings("serial")
    private static final class Killed extends Error {
        Killed() {
            super("the simulated process is dead", null, false, false);
        }
    }

    private final Thread simulation = Thread.currentThread();
    private final Fibers pool;
    private volatile boolean running;
    private @Nullable Runnable body;
    private @Nullable Throwable failure;
    private Runnable atClockReads = () -> {};
    private boolean killed;
    private boolean over;

    Fiber(Fibers pool) {
        super(null, "simulated");
        this.pool = pool;
    }

    @Override
    public void run() {
        awaitTurn();
        while (body != null) {
            runBody(body);
            body = null;
            handBack();
        }
    }

    private void runBody(Runnable code) {
        try {
            code.run();
        } catch (Killed e) {
            // the process is dead, so nothing is left to run
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        over = true;
    }

    // ---- called by the simulation ----

    /** Runs code until it waits or ends; throws what the code throws. */
    public void begin(Runnable code) {
        begin(code, () -> {});
    }

    /**
     * Runs code until it waits or ends; throws what the code throws.
     *
     * @param atClockReads runs on this fiber whenever the code reads a clock
     */
    public void begin(Runnable code, Runnable atClockReads) {
        body = code;
        this.atClockReads = atClockReads;
        over = false;
        killed = false;
        proceed();
    }

    /** Lets code that waits go on until it waits again or ends; throws what the code throws. */
    public void proceed() {
        running = true;
        LockSupport.unpark(this);
        while (running) {
            LockSupport.park(this);
        }
        if (over) {
            pool.giveBack(this);
            rethrow();
        }
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Tells whether the code has ended. */
    public boolean over() {
        return over;
    }

    /** Ends code that waits, by an error thrown out of its wait. Only its finally blocks still run. */
    public void kill() {
        atClockReads = () -> {};
        killed = true;
        if (!over) {
            proceed();
        }
    }

    /** Ends the thread, which must be idle. */
    void dispose() {
        running = true;
        LockSupport.unpark(this);
    }

    // ---- called by the code on a fiber ----

    /**
     * Returns the fiber of the calling thread.
     *
     * @throws IllegalStateException if it has none
     */
    public static Fiber current() {
        if (Thread.currentThread() instanceof Fiber fiber) {
            return fiber;
        }
        throw new IllegalStateException("only a simulated thread can wait, got " + Thread.currentThread());
    }

    /** The calling thread reads a clock: on a fiber, each reading is a point at which the code may stop. */
    public static void clockRead() {
        if (Thread.currentThread() instanceof Fiber fiber) {
            fiber.atClockReads.run();
        }
    }

    /** Lets the simulation go on until it calls {@link #proceed}. */
    public void waitHere() {
        requireAlive();
        handBack();
        requireAlive();
    }

    /** Unwinds the calling fiber if its process is dead. */
    public void requireAlive() {
        if (killed) {
            throw new Killed();
        }
    }

    private void handBack() {
        running = false;
        LockSupport.unpark(simulation);
        awaitTurn();
    }

    private void awaitTurn() {
        while (!running) {
            LockSupport.park(this);
        }
    }
}
