package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DecodedIdTest {

    private static final Instant TIMESTAMP = Instant.parse("2026-11-23T05:00:00.123Z");

    @Test
    void zeroesAndGreatestNumbersAreAccepted() {
        assertThat(new DecodedId(0, Instant.EPOCH, 0, 0).id()).isZero();
        assertThat(new DecodedId(Long.MAX_VALUE, TIMESTAMP, Integer.MAX_VALUE, Long.MAX_VALUE).timestamp())
                .isEqualTo(TIMESTAMP);
    }

    @Test
    void negativeNumbersAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecodedId(-1, TIMESTAMP, 0, 0))
                .withMessage("id must not be negative, got -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecodedId(0, TIMESTAMP, -2, 0))
                .withMessage("node must not be negative, got -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DecodedId(0, TIMESTAMP, 0, -3))
                .withMessage("sequence must not be negative, got -3");
    }

    @Test
    void aMissingTimestampIsRefused() {
        assertThatNullPointerException()
                .isThrownBy(() -> new DecodedId(0, null, 0, 0))
                .withMessage("timestamp");
    }
}
