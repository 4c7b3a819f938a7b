package io.snowline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseEvent.Kind;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class StartGuardTest {

    private final List<Throwable> fatal = new ArrayList<>();
    private final StartGuard guard = new StartGuard(fatal::add);

    @Test
    void aMismatchAtStartIsFatalOnce() {
        NamespaceMismatchException mismatch = new NamespaceMismatchException("layout");

        guard.onEvent(event(Kind.REFUSED, mismatch));
        guard.onEvent(event(Kind.REFUSED, mismatch));

        assertThat(fatal).containsExactly(mismatch);
    }

    @Test
    void anUnreadableRecordAtStartIsFatal() {
        guard.onEvent(event(Kind.REFUSED, new UnreadableRecordException("garbled")));

        assertThat(fatal).hasSize(1);
    }

    @Test
    void afterTheFirstLeaseNothingIsFatal() {
        guard.onEvent(event(Kind.ACQUIRED, null));
        guard.onEvent(event(Kind.REFUSED, new NamespaceMismatchException("layout")));

        assertThat(fatal).isEmpty();
    }

    @Test
    void whatTimeMayMendIsNotFatal() {
        guard.onEvent(event(Kind.AT_RISK, new CoordinatorUnavailableException("away")));
        guard.onEvent(event(Kind.WAITING, null));
        guard.onEvent(event(Kind.REFUSED, null));

        assertThat(fatal).isEmpty();
    }

    @Test
    void whoWaitsIsToldTheReason() {
        NamespaceMismatchException mismatch = new NamespaceMismatchException("layout");
        guard.onEvent(event(Kind.CREATED, null)); // no answer yet
        guard.onEvent(event(Kind.REFUSED, mismatch));

        assertThatThrownBy(() -> guard.await(Duration.ofHours(1))).isSameAs(mismatch);
    }

    @ParameterizedTest
    @EnumSource(names = {"ACQUIRED", "AT_RISK", "WAITING", "REFUSED"})
    void whoWaitsGoesOnAfterAnyOtherAnswer(Kind kind) {
        guard.onEvent(event(kind, null));

        assertThatNoException().isThrownBy(() -> guard.await(Duration.ofHours(1)));
    }

    @Test
    void whoWaitsGoesOnWithoutAnAnswer() {
        assertThatNoException().isThrownBy(() -> guard.await(Duration.ofMillis(1)));
    }

    private static LeaseEvent event(Kind kind, @Nullable Throwable cause) {
        return new LeaseEvent(
                kind, "orders", "label", OptionalInt.empty(), "detail", Duration.ZERO, Optional.ofNullable(cause));
    }
}
