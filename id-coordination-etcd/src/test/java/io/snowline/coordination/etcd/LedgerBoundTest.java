package io.snowline.coordination.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LedgerBoundTest {

    private final AtomicInteger counts = new AtomicInteger();

    @Test
    void itCountsOnceForATenthOfWhatIsFree() {
        LedgerBound bound = new LedgerBound(1000);
        for (int i = 0; i < 10; i++) {
            require(bound, 10, 0);
        }
        assertThat(counts).hasValue(1);
        require(bound, 10, 100);
        assertThat(counts).hasValue(2);
    }

    @Test
    void whatDoesNotFitIsRefusedWithBothNumbers() {
        LedgerBound bound = new LedgerBound(1000);
        assertThatThrownBy(() -> require(bound, 10, 991))
                .isInstanceOf(CoordinatorUnavailableException.class)
                .hasMessageStartingWith("the ledger holds 991 IDs, and maxRecordedIds allows 1000: ");
        assertThatCode(() -> require(bound, 9, 991)).doesNotThrowAnyException();
    }

    @Test
    void afterARefusalItCountsAgain() {
        LedgerBound bound = new LedgerBound(1000);
        assertThatThrownBy(() -> require(bound, 1, 1000)).isInstanceOf(CoordinatorUnavailableException.class);
        require(bound, 1, 0);
        assertThat(counts).hasValue(2);
    }

    private void require(LedgerBound bound, int ids, long there) {
        bound.require(ids, "the ledger", () -> {
            counts.incrementAndGet();
            return there;
        });
    }
}
