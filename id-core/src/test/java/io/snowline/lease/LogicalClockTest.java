package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class LogicalClockTest {

    private static final long START = 1_780_000_000_000L;

    private final ManualTimeSource time = new ManualTimeSource(START);
    private final LogicalClock clock = new LogicalClock(time, new ReentrantLock());

    LogicalClockTest() {
        clock.correct(START * 1_000);
    }

    @Test
    void runsOnTheMonotonicClockAndDoesNotReadTheWallClock() {
        time.stepWall(Duration.ofHours(-1));
        time.pass(Duration.ofSeconds(2));
        assertThat(clock.millis()).isEqualTo(START + 2_000);
    }

    @Test
    void followsAReferenceThatJumpsForwardAtOnce() {
        clock.correct((START + 5_000) * 1_000);
        assertThat(clock.millis()).isEqualTo(START + 5_000);
    }

    @Test
    void runsAtHalfSpeedUntilAReferenceThatFellBackHasCaughtUp() {
        clock.correct((START - 1_000) * 1_000);
        assertThat(clock.millis()).isEqualTo(START);
        time.pass(Duration.ofSeconds(1));
        assertThat(clock.millis()).isEqualTo(START + 500);
        time.pass(Duration.ofSeconds(1));
        assertThat(clock.millis()).isEqualTo(START + 1_000);
        time.pass(Duration.ofSeconds(1));
        assertThat(clock.millis()).as("caught up after twice the step").isEqualTo(START + 2_000);
    }

    @Test
    void startsAtTheFirstReferenceEvenIfTheWallClockWasAhead() {
        LogicalClock fresh = new LogicalClock(time, new ReentrantLock());
        fresh.correct((START - 8_000) * 1_000);
        assertThat(fresh.millis()).isEqualTo(START - 8_000);
    }

    @Test
    void isRaisedToAWindowThatStartsAheadAndThenSlowsDown() {
        clock.raise(START + 30_000);
        assertThat(clock.millis()).isEqualTo(START + 30_000);
        time.pass(Duration.ofSeconds(60));
        assertThat(clock.millis()).isEqualTo(START + 60_000);
    }

    @Test
    void neverGoesBackWhateverItIsToldInWhateverOrder() {
        var random = new java.util.SplittableRandom(42);
        long last = clock.millis();
        for (int i = 0; i < 100_000; i++) {
            switch (random.nextInt(3)) {
                case 0 -> clock.correct((START + random.nextLong(-100_000, 100_000)) * 1_000);
                case 1 -> clock.raise(START + random.nextLong(-100_000, 100_000));
                default -> time.pass(Duration.ofNanos(random.nextLong(5_000_000)));
            }
            assertThat(clock.millis()).isGreaterThanOrEqualTo(last);
            last = clock.millis();
        }
    }
}
