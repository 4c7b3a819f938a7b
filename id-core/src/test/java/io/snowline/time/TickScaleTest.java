package io.snowline.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickScaleTest {

    private static final Instant EPOCH = Instant.parse("2025-01-01T00:00:00Z");
    private static final TickScale CLASSIC = new TickScale(EPOCH, Duration.ofMillis(1), 41, 12);

    @Test
    void aPositionIsTickAndSequenceInOneNumber() {
        long position = CLASSIC.positionAt(EPOCH.toEpochMilli() + 5);
        assertThat(position).isEqualTo(5 << 12);
        assertThat(CLASSIC.tickOf(position + 4095)).isEqualTo(5);
        assertThat(CLASSIC.nextTick(position + 7)).isEqualTo(6 << 12);
        assertThat(CLASSIC.nextTick(position - 1)).isEqualTo(position);
        assertThat(CLASSIC.millisAt(position + 9)).isEqualTo(EPOCH.toEpochMilli() + 5);
    }

    @Test
    void instantsOutsideTheScaleAreLimitedToItsEnds() {
        assertThat(CLASSIC.positionAt(EPOCH.toEpochMilli() - 1)).isZero();
        assertThat(CLASSIC.positionAt(Long.MAX_VALUE)).isEqualTo(CLASSIC.endPosition());
        assertThat(CLASSIC.positionAt(CLASSIC.end().toEpochMilli() - 1)).isEqualTo(CLASSIC.endPosition() - (1 << 12));
        assertThat(CLASSIC.positionAt(CLASSIC.end().toEpochMilli())).isEqualTo(CLASSIC.endPosition());
    }

    @Test
    void fortyOneBitsOfMillisecondsLastAlmostSeventyYears() {
        assertThat(CLASSIC.end()).isEqualTo(Instant.parse("2094-09-07T15:47:35.552Z"));
    }

    @Test
    void aTickMayBeLongerThanAMillisecond() {
        TickScale seconds = new TickScale(EPOCH, Duration.ofSeconds(1), 32, 20);
        assertThat(seconds.tickAt(EPOCH.toEpochMilli() + 1_999)).isEqualTo(1);
        assertThat(seconds.millisAt(seconds.positionAt(EPOCH.toEpochMilli() + 1_999)))
                .isEqualTo(EPOCH.toEpochMilli() + 1_000);
    }

    @Test
    void refusesWhatCannotBeCounted() {
        assertThatThrownBy(() -> new TickScale(EPOCH, Duration.ZERO, 41, 12))
                .hasMessage("tick must be from 1 ms to 1 h, got PT0S");
        assertThatThrownBy(() -> new TickScale(EPOCH, Duration.ofNanos(1_500_000), 41, 12))
                .hasMessage("tick must be a whole number of milliseconds, got PT0.0015S");
        assertThatThrownBy(() -> new TickScale(EPOCH.plusNanos(1), Duration.ofMillis(1), 41, 12))
                .hasMessageStartingWith("epoch must be a whole number of milliseconds");
        assertThatThrownBy(() -> new TickScale(EPOCH, Duration.ofMillis(1), 41, 22))
                .hasMessage(
                        "timestampBits and sequenceBits must be at least 1 each and at most 62 together, got 41 + 22");
    }
}
