package io.snowline.coordination.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

    @Test
    void theNameWithTheFewestLettersToChangeIsMeant() {
        assertThat(NearestName.of("ordres", List.of("orders", "order-lines"))).contains("orders");
        assertThat(NearestName.of("b", List.of("a"))).contains("a");
    }

    @Test
    void aNameThatIsQuiteDifferentIsNotMeant() {
        assertThat(NearestName.of("customers", List.of("orders"))).isEmpty();
        assertThat(NearestName.of("orders", List.of())).isEmpty();
    }

    @Test
    void aDistanceIsTheNumberOfLettersToInsertDeleteOrReplace() {
        assertThat(NearestName.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(NearestName.distance("", "abc")).isEqualTo(3);
        assertThat(NearestName.distance("abc", "")).isEqualTo(3);
        assertThat(NearestName.distance("same", "same")).isZero();
    }
}
