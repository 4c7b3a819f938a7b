package io.snowline.coordination.tck;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

abstract class UnknownRules extends Rules {

    private static final int NODE = 7;

    /** A view that no backend reports, so that a step under it cannot match, and a refusal is tempting. */
    private static final StoreView NOWHERE = new StoreView(Optional.empty(), Map.of(), "another", Optional.empty());

    UnknownRules(NodeCoordinatorContract hooks) {
        super(hooks);
    }

    @Test
    @DisplayName("C5 unknown: a backend that cannot be reached is unavailable, never an answer (P5)")
    public final void anUnreachableBackendIsUnavailable() throws Exception {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView before = read();
        DistributedLock lock = coordinator().lock(namespace, "node-7");
        Optional<IdLedger> ledger = coordinator().ledger(namespace);
        hooks().stop();
        try {
            assertUnavailable("read", () -> coordinator().read(namespace));
            assertUnavailable("replace", () -> replace(nodeStep(before, Samples.nodeRecord(NODE, 200))));
            assertUnavailable(
                    "a replace that cannot fit", () -> replace(nodeStep(NOWHERE, Samples.nodeRecord(NODE, 1))));
            assertUnavailable("tryLock", () -> lock.tryLock(Samples.token(), Duration.ofSeconds(60)));
            assertUnavailable("unlock", () -> lock.unlock(Samples.token()));
            if (ledger.isPresent()) {
                assertUnavailable("record", () -> ledger.get().record(new long[] {1}, Optional.empty()));
                assertUnavailable("recordedAt", () -> ledger.get().recordedAt(1));
            }
        } finally {
            hooks().start();
        }
    }

    @Test
    @DisplayName("C5 unknown: a backend that is reachable again is served by the coordinators that were open (P5)")
    public final void recoversByItself() throws Exception {
        fixNamespace();
        write(Samples.nodeRecord(NODE, 100));
        StoreView before = read();
        hooks().stop();
        try {
            assertUnavailable("read", () -> coordinator().read(namespace));
        } finally {
            hooks().start();
        }

        assertSameRecords(readAgain(), before, "after the backend came back");
        write(Samples.nodeRecord(NODE, 200));
    }

    private static void assertUnavailable(String what, ThrowingCallable call) {
        assertThatThrownBy(call, "%s, with the backend away", what)
                .isInstanceOf(CoordinatorUnavailableException.class)
                .message()
                .as("what the exception of %s says", what)
                .isNotBlank();
    }
}
