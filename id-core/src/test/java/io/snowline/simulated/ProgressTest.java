package io.snowline.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void whatIsLeftTakesAsLongAsWhatIsDone() {
        assertThat(Progress.line("walk", 0.25, Duration.ofSeconds(30))).isEqualTo("walk: 25.0 % in 30 s, 90 s more");
        assertThat(Progress.line("walk", 0.01, Duration.ofMinutes(1))).isEqualTo("walk: 1.0 % in 60 s, 99 min more");
        assertThat(Progress.line("walk", 1, Duration.ofMinutes(1))).isEqualTo("walk: 100.0 % in 60 s, 0 s more");
    }
}
