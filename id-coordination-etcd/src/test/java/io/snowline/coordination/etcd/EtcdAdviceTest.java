package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EtcdAdviceTest {

    @ParameterizedTest
    @ValueSource(strings = {"3.5.0", "3.5.2", "3.5.4", "3.5.1-rc.1", "3.4.0", "3.4.9", "3.4.13", "3.4.20", "3.3.27"})
    void versionsThatLoseDataAreKnown(String version) {
        assertThat(EtcdAdvice.losesData(version)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4.21", "3.4.23", "3.4.30", "3.5.5", "3.5.17", "3.5.21", "3.6.0", "3.10.1", "4.0.0", ""})
    void othersAreNotBlamed(String version) {
        assertThat(EtcdAdvice.losesData(version)).isFalse();
    }
}
