package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.time.TimeSource;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every duration of a generator has an upper bound: the milliseconds of the longest do not fit into a {@code long}. */
class DurationsTest {

    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final String GOT = ", got PT2562047788015215H30M7.999999999S";

    private final MemoryStore store = new MemoryStore(TimeSource.system()::wallMillis);

    @Test
    void theLongestDurationsAreRefusedLikeAnyOther() {
        SnowflakeGenerator.Builder leased = SnowflakeGenerator.builder(store, "orders");
        RecordedIdGenerator.Builder recorded = RecordedIdGenerator.builder(store, "orders");
        refused("maxWait must be from 0 to 1 h" + GOT, () -> leased.maxWait(FOREVER));
        refused("maxWait must be from 0 to 1 h" + GOT, () -> recorded.maxWait(FOREVER));
        refused("maxLead must be from 0 to 1 h" + GOT, () -> leased.maxLead(FOREVER));
        refused("maxLead must be from 0 to 1 h, got PT-1S", () -> leased.maxLead(Duration.ofSeconds(-1)));
        refused("keep must be from 1 ms to 36500 days" + GOT, () -> recorded.keep(Optional.of(FOREVER)));
        refused("keep must be from 1 ms to 36500 days, got PT0S", () -> recorded.keep(Optional.of(Duration.ZERO)));
    }

    private static void refused(String message, Runnable setting) {
        assertThatThrownBy(setting::run, message)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
