package io.snowline.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JettySetupTest {

    @ParameterizedTest
    @CsvSource({"30000, 24000", "15000, 9000", "12000, 6000", "4000, 2000", "0, 0"})
    void ofTheGracePeriodAPartIsKeptForGivingNodeIdsBack(long grace, long drain) {
        assertThat(JettySetup.drainMillis(grace)).isEqualTo(drain);
    }
}
