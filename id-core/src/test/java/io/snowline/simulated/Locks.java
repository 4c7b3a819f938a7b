package io.snowline.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Makes the locks of one simulated process. While a thread holds one of them it must not stop alone: the others of its
 * process would wait for it in real time, not in simulated time.
 */
public final class Locks implements Supplier<ReentrantLock> {

    private final List<ReentrantLock> made = new ArrayList<>();

    @Override
    public ReentrantLock get() {
        ReentrantLock lock = new ReentrantLock();
        made.add(lock);
        return lock;
    }

    /** Tells whether the calling thread holds one of these locks. */
    public boolean heldHere() {
        return made.stream().anyMatch(ReentrantLock::isHeldByCurrentThread);
    }
}
