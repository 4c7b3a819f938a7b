package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreIdentityTest {

    @Test
    void itIsReadAsItWasWritten() {
        for (OptionalLong lead : new OptionalLong[] {OptionalLong.empty(), OptionalLong.of(-17), OptionalLong.of(3)}) {
            StoreIdentity identity = StoreIdentity.fresh(-1, lead);
            assertThat(StoreIdentity.parse(identity.toString())).isEqualTo(identity);
            assertThat(identity.toString()).startsWith("ffffffffffffffff:").matches("[!-~]+");
        }
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(StoreIdentity.fresh(1, OptionalLong.of(1))).isNotEqualTo(StoreIdentity.fresh(1, OptionalLong.of(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1:2:3", "0000000000000001:x:0000000000000001", "0000000000000001::0000000000000001"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StoreIdentity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it must be <cluster id>:<lead>:<token>");
    }
}
