package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.NamespaceRecord;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class LateRules extends Rules {

    LateRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C6 late: a replacement in time is applied (P8)")
    public final void inTimeIsApplied() {
        StoreView seen = read();
        Instant present = seen.time().orElseGet(Instant::now);

        applied(replace(step(seen, Optional.of(present.plus(Duration.ofHours(1))))));
    }

    @Test
    @DisplayName("C6 late: a replacement whose notAfter has passed on the backend's clock is refused (P8)")
    public final void lateIsRefused() throws Exception {
        assumeHas(Feature.CLOCK);
        StoreView seen = read();
        Instant soon = seen.time().orElseThrow().plusMillis(200);
        hooks().elapse(Duration.ofSeconds(1));

        assertLate(step(seen, Optional.of(soon)));
        assertLate(step(seen, Optional.of(soon.minus(Duration.ofDays(400)))));
        assertLate(step(seen, Optional.of(Instant.EPOCH)));
    }

    @Test
    @DisplayName("C6 late: where the backend has no clock, notAfter is ignored")
    public final void withoutAClockNothingIsLate() {
        if (has(Feature.CLOCK)) {
            applied(replace(step(read(), Optional.empty())));
        } else {
            applied(replace(step(read(), Optional.of(Instant.EPOCH))));
        }
    }

    private void assertLate(Replacement late) {
        Replaced answer = replace(late);
        assertThat(answer.applied())
                .as(
                        "applied, though it was not to be after %s and the backend's time is %s",
                        late.notAfter(), answer.view().time())
                .isFalse();
        assertThat(read().namespace())
                .as("namespace record, after a step that came too late")
                .isEmpty();
    }

    private static Replacement step(StoreView seen, Optional<Instant> notAfter) {
        NamespaceRecord next = Samples.namespaceRecord(seen.identity(), 1);
        return namespaceStep(seen, next, notAfter);
    }
}
