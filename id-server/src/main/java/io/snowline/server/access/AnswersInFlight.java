package io.snowline.server.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The octets of answers that are being prepared and sent. One answer that is larger than the limit is let through while
 * there is no other. Thread-safe, without a lock.
 */
public final class AnswersInFlight {

    private final long most;
    private final AtomicLong octets = new AtomicLong();

    /** @param most how many octets, at least 1 */
    public AnswersInFlight(long most) {
        this.most = most;
    }

    /** Adds an answer, unless there is no room; tells whether it did. */
    public boolean add(long size) {
        while (true) {
            long before = octets.get();
            if (before > 0 && before + size > most) {
                return false;
            }
            if (octets.compareAndSet(before, before + size)) {
                return true;
            }
        }
    }

    /** Removes an answer that was added. */
    public void remove(long size) {
        octets.addAndGet(-size);
    }

    /** Returns how many octets there are. */
    public long octets() {
        return octets.get();
    }
}
