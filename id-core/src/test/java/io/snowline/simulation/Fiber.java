package io.snowline.simulation;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a simulated process that can stop in the middle of the real code. It never runs at the same time as the
 * simulation: {@link #proceed} lets it run until it waits or ends, and the simulation goes on only then.
 */
final class Fiber extends SimulatedThread {

    /** Unwinds the code of a process that is dead. */
    @SuppressWarnings("serial")
    static final class Killed extends Error {
        Killed() {
            super("the simulated process is dead", null, false, false);
        }
    }

    private final Thread simulation = Thread.currentThread();
    private volatile boolean running;
    private @Nullable Runnable body;
    private @Nullable Throwable failure;
    private boolean killed;
    private boolean over;

    // Set by the caller that starts the fiber: where in the real code it will stumble.
    private int readingsUntilStumble;
    private Runnable stumble = () -> {};

    Fiber() {
        super(null, "simulated");
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

    /** Runs code until it waits or ends. */
    void begin(Runnable code) {
        body = code;
        over = false;
        killed = false;
        proceed();
    }

    /** Resumes code that waits. */
    void proceed() {
        running = true;
        LockSupport.unpark(this);
        while (running) {
            LockSupport.park(this);
        }
        rethrow();
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

    boolean over() {
        return over;
    }

    /** Ends code that waits, by an error thrown out of its wait. */
    void kill() {
        readingsUntilStumble = 0;
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

    void stumbleAtReading(int reading, Runnable how) {
        readingsUntilStumble = reading;
        stumble = how;
    }

    // ---- called by the code on this fiber ----

    /** Lets the simulation go on until it calls {@link #proceed}. */
    void waitHere() {
        handBack();
        requireAlive();
    }

    void requireAlive() {
        if (killed) {
            throw new Killed();
        }
    }

    /** Each reading of a clock is a point at which the code may stop. */
    void clockRead() {
        if (readingsUntilStumble > 0 && --readingsUntilStumble == 0) {
            stumble.run();
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
