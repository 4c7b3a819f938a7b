package io.snowline.jmh;

import io.snowline.coordination.ReservationSettings;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.time.TimeSource;
import java.time.Duration;

/** What one caller at full speed notices when the wall clock is set back by less than {@code ahead}. */
record ClockSetBack(Duration step, double millionsPerSecond, long outOfOrder, long exceptions, Latencies latencies) {

    private static final int BEFORE_THE_STEP = 1;
    private static final ReservationSettings LONGER_THAN_THE_STEP = new ReservationSettings(
            Duration.ofSeconds(15),
            Duration.ofSeconds(2),
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    /** The machine's clocks, with the wall clock shifted. */
    private static final class MovedClock implements TimeSource {

        private volatile long stepMillis;

        @Override
        public long wallMillis() {
            return TimeSource.system().wallMillis() + stepMillis;
        }

        @Override
        public long monotonicNanos() {
            return TimeSource.system().monotonicNanos();
        }

        @Override
        public void parkNanos(long nanos) {
            TimeSource.system().parkNanos(nanos);
        }
    }

    /** Runs for one second before the step, and for the given time after it. */
    static ClockSetBack run(Duration step, Duration after) {
        MovedClock clock = new MovedClock();
        try (SnowflakeGenerator generator = Generators.start(
                Generators.builder(clock).reservation(LONGER_THAN_THE_STEP).layout(Generators.WIDE))) {
            // The first window of a new namespace starts in the future: until then there is no window in reserve.
            clock.parkNanos(
                    LONGER_THAN_THE_STEP.ahead().multipliedBy(5).dividedBy(2).toNanos());
            Latencies latencies = new Latencies();
            long issued = 0;
            long outOfOrder = 0;
            long exceptions = 0;
            long last = 0;
            long start = System.nanoTime();
            long end = start + Duration.ofSeconds(BEFORE_THE_STEP).plus(after).toNanos();
            long before = start;
            while (before < end) {
                if (before - start > Duration.ofSeconds(BEFORE_THE_STEP).toNanos()) {
                    clock.stepMillis = -step.toMillis();
                }
                try {
                    long id = generator.nextId();
                    outOfOrder += id > last ? 0 : 1;
                    last = id;
                    issued++;
                } catch (RuntimeException e) {
                    exceptions++;
                }
                long now = System.nanoTime();
                latencies.add(now - before);
                before = now;
            }
            return new ClockSetBack(step, issued * 1e3 / (before - start), outOfOrder, exceptions, latencies);
        }
    }
}
