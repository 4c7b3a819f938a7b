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
            for (boolean restored : new boolean[] {false, true}) {
                StoreIdentity identity = StoreIdentity.fresh(-1, lead, restored);
                assertThat(StoreIdentity.parse(identity.toString())).isEqualTo(identity);
                assertThat(identity.toString()).startsWith("ffffffffffffffff:").matches("[!-~]+");
                assertThat(StoreIdentity.isRestored(identity.toString())).isEqualTo(restored);
            }
        }
    }

    @Test
    void oneThatAnOlderReleaseHasWrittenIsTheFirst() {
        StoreIdentity identity = StoreIdentity.parse("d1cfaf999eb97a2a:3:90d5d9d52ee34c9f");
        assertThat(identity.restored()).isFalse();
        assertThat(identity.toString()).isEqualTo("d1cfaf999eb97a2a:3:90d5d9d52ee34c9f");
    }

    @Test
    void noTwoAreTheSame() {
        assertThat(StoreIdentity.fresh(1, OptionalLong.of(1), false))
                .isNotEqualTo(StoreIdentity.fresh(1, OptionalLong.of(1), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:2:3",
                "0000000000000001:x:0000000000000001",
                "0000000000000001::0000000000000001",
                "0000000000000001:1:0000000000000001:",
                "0000000000000001:1:0000000000000001:moved",
                "0000000000000001:1:0000000000000001:restored:restored"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> StoreIdentity.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("it must be <cluster id>:<lead>:<token>, or that and :restored");
    }
}
