package io.snowline.lease;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A logger for threads that must not die: whatever a log handler throws, an error of the virtual machine included, has
 * no effect. The next line that gets through says so.
 *
 * <p>Thread-safe.
 */
final class GuardedLogger {

    private static final long RARELY_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Logger logger;
    private final AtomicLong silentUntilNanos = new AtomicLong(System.nanoTime());

    /** What the log handler threw at the latest line; null if the line got through. */
    private volatile @Nullable Throwable broken;

    GuardedLogger(Class<?> owner) {
        this(System.getLogger(owner.getName()));
    }

    GuardedLogger(Logger logger) {
        this.logger = logger;
    }

    /**
     * Writes a line, if its level is enabled.
     *
     * @param about the exception that the line is about, if any
     * @return whether it got through, or its level is disabled
     */
    boolean log(Level level, Supplier<String> message, @Nullable Throwable about) {
        try {
            if (logger.isLoggable(level)) {
                logger.log(level, line(message.get()), about);
                broken = null;
            }
            return true;
        } catch (Throwable e) {
            broken = e;
            return false;
        }
    }

    private String line(String message) {
        Throwable before = broken;
        return before == null ? message : message + " (lines before this one are missing: " + before + ")";
    }

    /** Writes a line with the exception that it is about, unless one was written within the last minute. */
    void logRarely(Level level, String message, Throwable about) {
        long now = System.nanoTime();
        long silent = silentUntilNanos.get();
        if (now - silent >= 0
                && silentUntilNanos.compareAndSet(silent, now + RARELY_NANOS)
                && !log(level, () -> message, about)) {
            silentUntilNanos.set(now);
        }
    }
}
