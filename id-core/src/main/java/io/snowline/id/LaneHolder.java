package io.snowline.id;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.snowline.lease.LogicalClock;
import io.snowline.lease.Window;
import io.snowline.lease.WindowHolder;
import io.snowline.time.TickScale;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lane in use, and the window that follows it. A thread that finds the lane used up replaces it under a lock, which
 * is never held while waiting for anything else. Thread-safe.
 */
final class LaneHolder implements WindowHolder {

    private final IdLayout layout;
    private final TickScale scale;
    private final LogicalClock clock;
    private final ReentrantLock lock;

    private volatile Lane current;

    @GuardedBy("lock")
    private @Nullable Window pending;

    @GuardedBy("lock")
    private boolean sealed;

    @GuardedBy("lock")
    private long newestWhenSealed = -1;

    private volatile Runnable whenUsedUp = () -> {};

    /**
     * @param lock this holder's alone
     */
    LaneHolder(IdLayout layout, LogicalClock clock, ReentrantLock lock) {
        this.layout = layout;
        this.scale = layout.scale();
        this.clock = clock;
        this.lock = lock;
        this.current = lane(new Window(0, 0, 0), 0);
    }

    private Lane lane(Window window, long first) {
        return new Lane(window, first, layout, scale);
    }

    /** Returns the lane to claim from. */
    Lane current() {
        return current;
    }

    /** Returns the window that will be stamped last: the following one, if there is one. */
    Window latest() {
        lock.lock();
        try {
            return pending != null ? pending : current.window();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void offer(Window window) {
        lock.lock();
        try {
            if (!sealed) {
                pending = window;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Moves on to the next lane, if there is one and no other thread has done so meanwhile. IDs of this holder keep
     * growing: the new lane starts after the tick in which the old one ended, whatever node ids the two have.
     *
     * @return whether there is another lane to claim from
     */
    boolean advance(Lane usedUp) {
        lock.lock();
        try {
            if (current != usedUp) {
                return true;
            }
            Window next = pending;
            if (next == null || sealed) {
                whenUsedUp.run();
                return false;
            }
            long newest = usedUp.seal();
            clock.raise(scale.millisAt(next.start()));
            long first = Math.max(next.start(), newest < 0 ? 0 : scale.nextTick(newest));
            current = lane(next, first);
            pending = null;
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void whenUsedUp(Runnable action) {
        whenUsedUp = action;
    }

    @Override
    public long remainingMillis() {
        lock.lock();
        try {
            if (sealed) {
                return 0;
            }
            long first = Math.max(scale.positionAt(clock.millis()), current.newest() + 1);
            Window next = pending;
            return millis(first, current.window())
                    + (next == null ? 0 : millis(firstOf(next, current.window().end()), next));
        } finally {
            lock.unlock();
        }
    }

    private long firstOf(Window next, long endOfCurrent) {
        return Math.max(endOfCurrent, scale.positionAt(clock.raisedMillis(scale.millisAt(next.start()))));
    }

    /** Returns how long a window lasts from a position on, in milliseconds; at least 1 if anything is left of it. */
    private long millis(long from, Window window) {
        long first = Math.max(from, window.start());
        return first >= window.end() ? 0 : Math.max(1, scale.millisAt(window.end()) - scale.millisAt(first));
    }

    @Override
    public long newest() {
        lock.lock();
        try {
            return sealed ? newestWhenSealed : current.newest();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long seal() {
        lock.lock();
        try {
            if (!sealed) {
                sealed = true;
                pending = null;
                newestWhenSealed = current.seal();
            }
            return newestWhenSealed;
        } finally {
            lock.unlock();
        }
    }
}
