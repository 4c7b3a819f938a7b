package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ClockReadBudgetTest {

    private final ClockReadBudget allowance = new ClockReadBudget(1);

    @Test
    void aBurstIsAllowedAllThatThereIs() {
        long allowed = 0;
        for (int look = 1; look <= 100 && allowed < ClockReadBudget.MOST; look++) {
            allowed = allowance.afterLook(look * 10L);
            allowance.granted(allowed);
        }
        assertThat(allowed).isEqualTo(ClockReadBudget.MOST);
    }

    @Test
    void nothingIsAllowedWhileCallsAreRare() {
        for (int look = 1; look <= 100; look++) {
            assertThat(allowance.afterLook(look * 100_000L)).isZero();
            allowance.granted(0);
        }
    }
}
