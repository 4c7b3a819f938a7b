package io.snowline.id;

import io.snowline.time.TimeSource;

/**
 * Clocks that stand still, except for a thread that waits: for it time passes, and the task that it set for its waits
 * runs. Thread-safe.
 */
final class StressedTime implements TimeSource {

    private static final long BEGIN_NANOS = 7_000_000_000L;

    private record Wait(Runnable meanwhile, long passedNanos) {}

    private final long wallMillis;
    private final ThreadLocal<Wait> waits = ThreadLocal.withInitial(() -> new Wait(() -> {}, 0));

    StressedTime(long wallMillis) {
        this.wallMillis = wallMillis;
    }

    /** Runs calls whose waits run something else; afterwards time is back where it was. */
    void during(Runnable calls, Runnable meanwhile) {
        waits.set(new Wait(meanwhile, 0));
        try {
            calls.run();
        } finally {
            waits.remove();
        }
    }

    @Override
    public long wallMillis() {
        return wallMillis;
    }

    @Override
    public long monotonicNanos() {
        return BEGIN_NANOS + waits.get().passedNanos;
    }

    @Override
    public void parkNanos(long nanos) {
        Wait wait = waits.get();
        wait.meanwhile.run();
        waits.set(new Wait(wait.meanwhile, wait.passedNanos + nanos));
    }
}
