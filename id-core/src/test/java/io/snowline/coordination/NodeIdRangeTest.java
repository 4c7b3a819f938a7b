package io.snowline.coordination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeIdRangeTest {

    @Test
    void everyNodeIdThatALayoutCanHaveIsCounted() {
        assertThat(new NodeIdRange(5, 5).size()).isEqualTo(1);
        assertThat(new NodeIdRange(0, (1 << 30) - 1).size()).isEqualTo(1 << 30);
    }

    @ParameterizedTest
    @CsvSource({"-1, 5", "6, 5", "0, 1073741824", "0, 2147483647"})
    void whatIsNoRangeOfNodeIdsIsRefused(int first, int last) {
        assertThatThrownBy(() -> new NodeIdRange(first, last))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("node ids must be a range within 0-1073741823, got " + first + "-" + last);
    }
}
