package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReservationSettingsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aWindowMustOutliveTwoRenewals() {
        assertThatThrownBy(() ->
                        new ReservationSettings(SECOND.multipliedBy(5), SECOND.multipliedBy(3), SECOND, SECOND, SECOND))
                .hasMessage("ahead must be at least twice renewEvery, got ahead PT5S and renewEvery PT3S");
    }

    @Test
    void durationsOfZeroAreRefused() {
        assertThatThrownBy(() -> new ReservationSettings(Duration.ZERO, SECOND, SECOND, SECOND, SECOND))
                .hasMessage("ahead must be at least 1 ms, got PT0S");
        assertThatThrownBy(() -> new ReservationSettings(SECOND, SECOND, SECOND, Duration.ZERO, SECOND))
                .hasMessage("guard must be at least 1 ms, got PT0S");
        assertThatThrownBy(() -> new ReservationSettings(SECOND, SECOND, SECOND.negated(), SECOND, SECOND))
                .hasMessage("takeoverGrace must not be negative, got PT-1S");
    }
}
