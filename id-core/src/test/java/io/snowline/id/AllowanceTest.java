package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AllowanceTest {

    private final Allowance allowance = new Allowance(1);

    @Test
    void aBurstIsAllowedAllThatThereIs() {
        long allowed = 0;
        for (int look = 1; look <= 100 && allowed < Allowance.MOST; look++) {
            allowed = allowance.afterLook(look * 10L);
            allowance.granted(allowed);
        }
        assertThat(allowed).isEqualTo(Allowance.MOST);
    }

    @Test
    void nothingIsAllowedWhileCallsAreRare() {
        for (int look = 1; look <= 100; look++) {
            assertThat(allowance.afterLook(look * 100_000L)).isZero();
            allowance.granted(0);
        }
    }
}
