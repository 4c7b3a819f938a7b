package io.snowline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "5 minutes, PT5M", "24h, PT24H", "1d, PT24H", "PT1M30S, PT1M30S"})
    void durationsAreWrittenAsDropwizardUsersDoOrAsIso(String text, Duration duration) {
        assertThat(Durations.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"30", "", "s", "-1s", "1 fortnight", "30 S", "Ptwo", "1.5s", "PT9223372036854775808S"})
    void anythingElseIsRefusedWithAnExample(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a duration such as 500ms, 30s or 24h, got '" + text + "'");
    }

    @Test
    void aDurationBeyondALongOfNanosecondsIsCutNotWrapped() {
        assertThat(Durations.parse("999999999999h")).isGreaterThan(Duration.ofDays(100_000));
        assertThat(Durations.parse("9223372036854775807d")).isGreaterThan(Duration.ofDays(100_000));
    }
}
