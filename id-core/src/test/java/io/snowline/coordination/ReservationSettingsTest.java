package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class ReservationSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();

    private static void refused(
            String message, Duration ahead, Duration renewEvery, Duration grace, Duration guard, Duration skew) {
        assertThatThrownBy(() -> new ReservationSettings(ahead, renewEvery, grace, guard, skew), message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aWindowMustOutliveTwoRenewals() {
        refused(
                "ahead must be at least twice renewEvery, got ahead PT5S and renewEvery PT3S",
                SECOND.multipliedBy(5),
                SECOND.multipliedBy(3),
                SECOND,
                SECOND,
                SECOND);
        assertThat(new ReservationSettings(SECOND.multipliedBy(6), SECOND.multipliedBy(3), SECOND, SECOND, SECOND))
                .isNotNull();
    }

    @Test
    void durationsOfZeroAreRefused() {
        refused("ahead must be from 1 ms to 1 day, got PT0S", Duration.ZERO, SECOND, SECOND, SECOND, SECOND);
        refused("renewEvery must be at least 1 ms, got PT0S", SECOND, Duration.ZERO, SECOND, SECOND, SECOND);
        Duration half = SECOND.dividedBy(2);
        refused("guard must be from 1 ms to 1 day, got PT0S", SECOND, half, SECOND, Duration.ZERO, SECOND);
        refused("maxClockSkew must be from 1 ms to 1 day, got PT0S", SECOND, half, SECOND, SECOND, Duration.ZERO);
        refused("takeoverGrace must be from 0 to 1 day, got PT-1S", SECOND, half, SECOND.negated(), SECOND, SECOND);
    }

    /** A mistyped guard would set a floor that cannot be lowered, and a mistyped grace would block every node id. */
    @Test
    void durationsThatAreTooLongAreRefused() {
        Duration tooLong = DAY.plusNanos(1);
        refused("ahead must be from 1 ms to 1 day, got PT24H0.000000001S", tooLong, SECOND, SECOND, SECOND, SECOND);
        refused("takeoverGrace must be from 0 to 1 day, got PT24H0.000000001S", DAY, SECOND, tooLong, SECOND, SECOND);
        refused("guard must be from 1 ms to 1 day, got PT24H0.000000001S", DAY, SECOND, SECOND, tooLong, SECOND);
        refused("maxClockSkew must be from 1 ms to 1 day, got PT24H0.000000001S", DAY, SECOND, SECOND, SECOND, tooLong);
        refused(
                "guard must be at most 10 times ahead, got guard PT5M0.001S and ahead PT30S",
                Duration.ofSeconds(30),
                SECOND,
                SECOND,
                Duration.ofSeconds(300).plusMillis(1),
                SECOND);
        assertThat(new ReservationSettings(DAY, DAY.dividedBy(2), DAY, DAY, DAY))
                .isNotNull();
    }

    /** Their milliseconds do not fit into a long. */
    @Test
    void theLongestDurationsAreRefusedLikeAnyOther() {
        String got = ", got PT2562047788015215H30M7.999999999S";
        refused("ahead must be from 1 ms to 1 day" + got, FOREVER, SECOND, SECOND, SECOND, SECOND);
        refused(
                "ahead must be at least twice renewEvery, got ahead PT24H and renewEvery" + got.substring(5),
                DAY,
                FOREVER,
                SECOND,
                SECOND,
                SECOND);
        refused("takeoverGrace must be from 0 to 1 day" + got, DAY, SECOND, FOREVER, SECOND, SECOND);
        refused("guard must be from 1 ms to 1 day" + got, DAY, SECOND, SECOND, FOREVER, SECOND);
        refused("maxClockSkew must be from 1 ms to 1 day" + got, DAY, SECOND, SECOND, SECOND, FOREVER);
        refused(
                "guard must be from 1 ms to 1 day, got PT-2562047788015215H-30M-8S",
                DAY,
                SECOND,
                SECOND,
                Duration.ofSeconds(Long.MIN_VALUE),
                SECOND);
    }
}
