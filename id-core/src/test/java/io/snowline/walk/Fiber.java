package io.snowline.walk;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A call of the code under test that can be stopped at its clock reads and requests, and resumed later, or never. It
 * has a thread of its own, but runs only while the walk waits for it: never two at the same time.
 */
final class Fiber {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "walk-fiber");
        thread.setDaemon(true);
        return thread;
    });

    private static final ThreadLocal<@Nullable Fiber> CURRENT = new ThreadLocal<>();

    private final Semaphore mayRun = new Semaphore(0);
    private final Semaphore stopped = new Semaphore(0);
    private final boolean stopsAtClockReads;
    private Stop stoppedAt = Stop.CLOCK_READ;
    private long wakesAtNanos;
    private boolean killed;
    private boolean over;
    private @Nullable Throwable failure;

    /** Where a fiber is stopped. */
    enum Stop {
        /** Just before it reads the monotonic clock. */
        CLOCK_READ,
        /** In a wait on the monotonic clock. */
        PARKED,
        /** In a request to the store. */
        REQUEST
    }

    /** Unwinds the stack of a process that has ended. Not an exception, which the code under test would handle. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    private Fiber(boolean stopsAtClockReads) {
        this.stopsAtClockReads = stopsAtClockReads;
    }

    /** Makes a fiber, and runs it up to its first stop. */
    static Fiber started(boolean stopsAtClockReads, Runnable body) {
        Fiber fiber = new Fiber(stopsAtClockReads);
        THREADS.execute(() -> fiber.live(body));
        fiber.resume();
        return fiber;
    }

    /** Returns the fiber of the calling thread, if there is one. */
    static @Nullable Fiber current() {
        return CURRENT.get();
    }

    private void live(Runnable body) {
        mayRun.acquireUninterruptibly();
        CURRENT.set(this);
        try {
            if (!killed) {
                body.run();
            }
        } catch (Killed e) {
            killed = true;
        } catch (RuntimeException | Error e) {
            failure = e;
        } finally {
            CURRENT.remove();
            over = true;
            stopped.release();
        }
    }

    /** Lets it run to its next stop, or its end. */
    void resume() {
        mayRun.release();
        stopped.acquireUninterruptibly();
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    /** The fiber is about to read the monotonic clock. */
    void clockRead() {
        if (stopsAtClockReads && !swapsLanes()) {
            stop(Stop.CLOCK_READ);
        }
    }

    /**
     * Tells whether the caller holds the lock of its lanes: then everything else in its process would have to wait for
     * it.
     */
    private static boolean swapsLanes() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals("advance")));
    }

    /** The fiber waits until an instant of the monotonic clock. */
    void parked(long untilNanos) {
        wakesAtNanos = untilNanos;
        stop(Stop.PARKED);
    }

    /** Stops here, until {@link #resume}. Called by the fiber itself. */
    void stop(Stop where) {
        stoppedAt = where;
        if (!killed) {
            stopped.release();
            mayRun.acquireUninterruptibly();
        }
        requireAlive();
    }

    /** Unwinds the calling fiber if its process has ended. */
    void requireAlive() {
        if (killed) {
            throw new Killed();
        }
    }

    boolean over() {
        return over;
    }

    boolean stoppedAt(Stop where) {
        return !over && stoppedAt == where;
    }

    long wakesAtNanos() {
        return wakesAtNanos;
    }

    /** Ends it where it is; from now on only its finally blocks run, in which every request fails. */
    void kill() {
        if (!over) {
            killed = true;
            resume();
        }
    }
}
