package io.snowline.id;

import io.snowline.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Throws when it is touched, once it is armed; built into the objects that a generator calls: coordinator, listener,
 * log handler, clock. Thread-safe.
 */
final class Trap {

    /** What is thrown: each kind was once missed by some catch. */
    enum Kind {
        ERROR {
            @Override
            Throwable make() {
                return new NoClassDefFoundError("planted");
            }
        },
        EXCEPTION {
            @Override
            Throwable make() {
                return new IllegalStateException("planted");
            }
        },
        OUT_OF_MEMORY {
            @Override
            Throwable make() {
                return new OutOfMemoryError("planted");
            }
        };

        abstract Throwable make();
    }

    private final TimeSource time;
    private final List<Throwable> thrown = new ArrayList<>();
    private Kind kind = Kind.ERROR;
    private int quietTouches;
    private int throwsLeft;
    private long sprungAtNanos;

    Trap(TimeSource time) {
        this.time = time;
    }

    /**
     * Arms the trap.
     *
     * @param quiet how many touches it lets pass
     * @param times how often it then throws, one touch after the other
     */
    synchronized void arm(Kind what, int quiet, int times) {
        kind = what;
        quietTouches = quiet;
        throwsLeft = times;
    }

    synchronized void disarm() {
        throwsLeft = 0;
    }

    void touched() {
        throwUnchecked(next());
    }

    private synchronized Throwable next() {
        if (throwsLeft == 0 || quietTouches-- > 0) {
            return null;
        }
        throwsLeft--;
        sprungAtNanos = time.monotonicNanos();
        Throwable next = kind.make();
        thrown.add(next);
        return next;
    }

    private static void throwUnchecked(Throwable next) {
        if (next instanceof Error error) {
            throw error;
        }
        if (next instanceof RuntimeException exception) {
            throw exception;
        }
    }

    /** Tells whether it has thrown as often as it was armed to. */
    synchronized boolean sprung() {
        return throwsLeft == 0 && !thrown.isEmpty();
    }

    /** Returns the monotonic time at which it threw last. */
    synchronized long sprungAtNanos() {
        return sprungAtNanos;
    }

    /** Tells whether this trap threw an exception. */
    synchronized boolean threw(Throwable what) {
        return thrown.stream().anyMatch(each -> each == what || each == what.getCause());
    }

    /** Returns clocks that touch the trap at each reading. */
    TimeSource in(TimeSource clocks) {
        return new TimeSource() {
            @Override
            public long wallMillis() {
                touched();
                return clocks.wallMillis();
            }

            @Override
            public long monotonicNanos() {
                touched();
                return clocks.monotonicNanos();
            }

            @Override
            public void parkNanos(long nanos) {
                clocks.parkNanos(nanos);
            }
        };
    }

    /** Lets each line of a logger touch the trap, until the returned object is closed. */
    AutoCloseable inLogOf(Class<?> owner) {
        Logger logger = Logger.getLogger(owner.getName());
        Level before = logger.getLevel();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                touched();
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        handler.setLevel(Level.ALL);
        logger.addHandler(handler);
        logger.setLevel(Level.ALL);
        return () -> {
            logger.setLevel(before);
            logger.removeHandler(handler);
        };
    }
}
