package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowanceTest {

    @ParameterizedTest
    @ValueSource(ints = {15, 511, 65_535}) // 15: the rest of the smallest block
    void aBurstIsAllowedAllThatThereIs(int most) {
        Allowance allowance = new Allowance(most, 1);
        long allowed = 0;
        for (int look = 1; look <= 100 && allowed < most; look++) {
            allowed = allowance.afterLook(look * 10L);
            allowance.granted(allowed);
        }
        assertThat(allowed).isEqualTo(most);
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 511, 65_535})
    void nothingIsAllowedWhileCallsAreRare(int most) {
        Allowance allowance = new Allowance(most, 1);
        for (int look = 1; look <= 100; look++) {
            assertThat(allowance.afterLook(look * 100_000L)).isZero();
            allowance.granted(0);
        }
    }
}
