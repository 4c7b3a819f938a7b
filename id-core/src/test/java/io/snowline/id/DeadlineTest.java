package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class DeadlineTest {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private final ManualTimeSource time = new ManualTimeSource(0);

    @Test
    void whatPassesIsGone() {
        Deadline deadline = new Deadline(time, Duration.ofMillis(100));
        time.pass(Duration.ofMillis(30));
        assertThat(deadline.remainingNanos()).isEqualTo(70_000_000);
        deadline.park(50_000_000);
        assertThat(deadline.remainingNanos()).isEqualTo(20_000_000);
    }

    @Test
    void nothingIsWaitedBeyondTheEnd() {
        Deadline deadline = new Deadline(time, Duration.ofMillis(100));
        long begun = time.monotonicNanos();
        deadline.park(Duration.ofMinutes(1).toNanos());
        deadline.park(1);
        assertThat(deadline.remainingNanos()).isZero();
        assertThat(time.monotonicNanos() - begun).isEqualTo(100_000_000);
    }

    @Test
    void onAClockThatStandsStillWaitsCountAsLongAsTheyWereMeantToBe() {
        StoppedTime stopped = new StoppedTime(time);
        stopped.stopMonotonic();
        Deadline deadline = new Deadline(stopped, Duration.ofMillis(10));
        for (int i = 0; i < 9; i++) {
            deadline.park(1_000_000);
        }
        assertThat(deadline.remainingNanos()).isEqualTo(1_000_000);
        deadline.park(5_000_000);
        assertThat(deadline.remainingNanos()).isZero();
    }

    @Test
    void aBudgetMayBeLongerThanAnyClockCounts() {
        Deadline deadline = new Deadline(time, FOREVER);
        time.pass(Duration.ofDays(1));
        assertThat(deadline.remainingNanos())
                .isEqualTo(Long.MAX_VALUE - Duration.ofDays(1).toNanos());
        assertThat(new Deadline(time, FOREVER.negated()).remainingNanos()).isNegative();
    }
}
