package io.snowline.id;

import io.snowline.time.TimeSource;
import java.util.OptionalLong;

/** Clocks that a test stops: the monotonic one, where waits return early then, or the wall clock. Thread-safe. */
final class StoppedTime implements TimeSource {

    private final TimeSource time;
    private volatile OptionalLong monotonicNanos = OptionalLong.empty();
    private volatile OptionalLong wallMillis = OptionalLong.empty();

    StoppedTime(TimeSource time) {
        this.time = time;
    }

    void stopMonotonic() {
        monotonicNanos = OptionalLong.of(time.monotonicNanos());
    }

    void stopWall() {
        wallMillis = OptionalLong.of(time.wallMillis());
    }

    @Override
    public long wallMillis() {
        return wallMillis.orElseGet(time::wallMillis);
    }

    @Override
    public long monotonicNanos() {
        return monotonicNanos.orElseGet(time::monotonicNanos);
    }

    @Override
    public void parkNanos(long nanos) {
        if (monotonicNanos.isEmpty()) {
            time.parkNanos(nanos);
        }
    }
}
