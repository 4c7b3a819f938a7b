package io.snowline.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.time.ManualTimeSource;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReferenceClockTest {

    private static final long START = 1_780_000_000_000L;

    private final ManualTimeSource time = new ManualTimeSource(START);
    private final ReferenceClock clock = new ReferenceClock(time);

    @Test
    void knowsNothingBeforeTheFirstReading() {
        assertThat(clock.known()).isFalse();
        assertThatThrownBy(clock::millis).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void takesTheStoresClockAtFirst() {
        clock.observe(Optional.of(START + 900));
        assertThat(clock.millis()).isEqualTo(START + 900);
        assertThat(clock.skewMillis(START + 900)).isEqualTo(900);
    }

    @Test
    void isNotMovedByAWallClockThatGoesMad() {
        clock.observe(Optional.of(START));
        time.stepWall(Duration.ofDays(365));
        time.pass(Duration.ofSeconds(3));
        clock.observe(Optional.of(START + 3_000));
        assertThat(clock.millis()).isEqualTo(START + 3_000);
    }

    @Test
    void isNotMovedByAStoreClockThatGoesMad() {
        clock.observe(Optional.of(START));
        time.pass(Duration.ofSeconds(3));
        clock.observe(Optional.of(START - 3_600_000));
        assertThat(clock.millis()).isEqualTo(START + 3_000);
        assertThat(clock.storeMillis())
                .as("the cap still knows the store's clock")
                .isEqualTo(START - 3_600_000);
    }

    @Test
    void isNotMovedByAMonotonicClockThatStoodStill() {
        clock.observe(Optional.of(START));
        time.stepWall(Duration.ofSeconds(60));
        clock.observe(Optional.of(START + 60_000));
        assertThat(clock.millis()).isEqualTo(START + 60_000);
    }

    @Test
    void leavesTheVoteOfAStoreWithoutAClockToTheWallClock() {
        clock.observe(Optional.empty());
        time.stepWall(Duration.ofSeconds(-10));
        clock.observe(Optional.empty());
        assertThat(clock.millis()).isEqualTo(START - 10_000);
        assertThat(clock.storeMillis()).isEqualTo(START - 10_000);
    }

    /**
     * Found by simulation: an owner that was paused between the two readings believed it was 14 s ahead, and reserved
     * that far.
     */
    @Test
    void isNotAheadOfTheTimeWhenTheProcessIsPausedBetweenTwoReadings() {
        ReferenceClock paused = new ReferenceClock(new TimeSource() {
            @Override
            public long wallMillis() {
                long reading = time.wallMillis();
                time.pass(Duration.ofSeconds(14));
                return reading;
            }

            @Override
            public long monotonicNanos() {
                long reading = time.monotonicNanos();
                time.pass(Duration.ofSeconds(14));
                return reading;
            }

            @Override
            public void parkNanos(long nanos) {
                time.parkNanos(nanos);
            }
        });
        paused.observe(Optional.empty());
        assertThat(paused.millis()).isLessThanOrEqualTo(time.wallMillis());
    }
}
