package io.snowline.dropwizard;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.DistributedLock;
import io.snowline.coordination.IdLedger;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.Replaced;
import io.snowline.coordination.Replacement;
import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdvisoryLogTest {

    private static final Duration SHORT = Duration.ofMillis(1);

    /** A coordinator that answers differently each time, and tells when it was asked. */
    private static final class Moody implements NodeCoordinator {

        private final BlockingQueue<Integer> questions = new LinkedBlockingQueue<>();
        private int asked;

        @Override
        public List<String> advisories() {
            asked++;
            questions.add(asked);
            switch (asked) {
                case 1 -> throw new NoClassDefFoundError("planted");
                case 2 -> throw new IllegalStateException("planted");
                case 3 -> throw new CoordinatorUnavailableException("away");
                case 4 -> throw new InternalError("planted");
                default -> {
                    return List.of("is set up in a way that can cost records");
                }
            }
        }

        @Override
        public StoreView read(String namespace) {
            throw new UnsupportedOperationException(namespace);
        }

        @Override
        public Replaced replace(String namespace, Replacement step) {
            throw new UnsupportedOperationException(namespace);
        }

        @Override
        public DistributedLock lock(String namespace, String name) {
            throw new UnsupportedOperationException(namespace);
        }

        @Override
        public Optional<IdLedger> ledger(String namespace) {
            return Optional.empty();
        }

        @Override
        public void close() {
            // nothing is open
        }
    }

    @Test
    void aCoordinatorThatIsAwayIsAskedAgainSoon() throws Exception {
        Moody coordinator = new Moody();
        coordinator.asked = 2; // unavailable at the next look
        try (AdvisoryLog log = AdvisoryLog.start(coordinator, SHORT, Duration.ofHours(1))) {
            for (int i = 3; i <= 4; i++) {
                assertThat(coordinator.questions.poll(10, TimeUnit.SECONDS))
                        .as("look %d of %s", i, log)
                        .isEqualTo(i);
            }
        }
    }

    @Test
    void noLookComesAfterTheClose() throws Exception {
        Moody coordinator = new Moody();
        coordinator.asked = 10; // all is well
        AdvisoryLog log = AdvisoryLog.start(coordinator, SHORT, Duration.ofMillis(300));
        assertThat(coordinator.questions.poll(10, TimeUnit.SECONDS)).isEqualTo(11);
        log.close();
        coordinator.questions.clear(); // a look may have begun before the close
        assertThat(coordinator.questions.poll(600, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void looksGoOnWhateverIsThrown() throws Exception {
        Moody coordinator = new Moody();
        try (AdvisoryLog log = AdvisoryLog.start(coordinator, SHORT, SHORT)) {
            for (int i = 1; i <= 7; i++) {
                assertThat(coordinator.questions.poll(10, TimeUnit.SECONDS))
                        .as("look %d of %s", i, log)
                        .isEqualTo(i);
            }
        }
    }
}
