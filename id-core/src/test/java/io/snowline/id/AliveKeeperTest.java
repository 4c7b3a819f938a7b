package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snowline.coordination.IssuingMode;
import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.NodeIdRange;
import io.snowline.coordination.ReservationSettings;
import io.snowline.lease.EventLoop;
import io.snowline.lease.LeaseKeeper;
import io.snowline.lease.LogicalClock;
import io.snowline.lease.NamespaceSpec;
import io.snowline.lease.Window;
import io.snowline.lease.WindowHolder;
import io.snowline.time.ManualTimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** P12 where a lease keeper meets callers: the windows that it offers, and callers that have used them up. */
class AliveKeeperTest {

    private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
    private static final ReservationSettings SETTINGS = ReservationSettings.DEFAULT;
    private static final Duration TWO_RENEWALS = SETTINGS.renewEvery().multipliedBy(2);
    private static final Duration UNTIL_THE_FLOOR_HAS_PASSED =
            SETTINGS.ahead().plus(SETTINGS.guard()).plusSeconds(60);

    private final ManualTimeSource time = new ManualTimeSource(NOW.toEpochMilli());
    private final ManualLoop turned = new ManualLoop(time);
    private final PoorLoop loop = new PoorLoop(turned);
    private final Trap clock = new Trap(time);
    private final Trap offers = new Trap(time);
    private final Trap numbers = new Trap(time);
    private final TrappedStore store = new TrappedStore(new MemoryStore(time::wallMillis), new Trap(time), time);
    private final OfferedWindows offered = new OfferedWindows();
    private final List<LeaseEvent> events = new ArrayList<>();

    /** Keeps the windows that it is offered, and stamps nothing. */
    private final class OfferedWindows implements WindowHolder {

        private final List<Window> windows = new ArrayList<>();
        private Runnable whenUsedUp = () -> {};

        @Override
        public void offer(Window window) {
            offers.touched();
            windows.add(window);
        }

        @Override
        public void whenUsedUp(Runnable action) {
            whenUsedUp = action;
        }

        @Override
        public long remainingMillis() {
            return windows.isEmpty() ? 0 : SETTINGS.ahead().toMillis();
        }

        @Override
        public long newest() {
            return -1;
        }

        @Override
        public long seal() {
            return -1;
        }
    }

    /** A loop that refuses the tasks of callers while there is no memory for them. */
    private static final class PoorLoop implements EventLoop {

        private final EventLoop loop;
        private boolean poor;
        private boolean closed;

        PoorLoop(EventLoop loop) {
            this.loop = loop;
        }

        @Override
        public void execute(Runnable task) {
            if (poor) {
                throw new InternalError("no memory for a task"); // an OutOfMemoryError would end JUnit
            }
            loop.execute(task);
        }

        @Override
        public void schedule(Duration delay, Runnable task) {
            loop.schedule(delay, task);
        }

        @Override
        public <T> void call(Supplier<T> request, Consumer<T> answered, Consumer<RuntimeException> failed) {
            loop.call(request, answered, failed);
        }

        @Override
        public void close() {
            closed = true;
            loop.close();
        }
    }

    @BeforeEach
    void goOnAfterWhatIsThrownOnPurpose() {
        turned.survive(thrown -> Stream.of(clock, offers, numbers).anyMatch(trap -> trap.threw(thrown)));
    }

    private void start() {
        IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
        NamespaceSpec spec = new NamespaceSpec(
                "orders", layout.descriptor(), layout.scale(), IssuingMode.LEASED, new NodeIdRange(0, 9), 0);
        SplittableRandom random = new SplittableRandom(7);
        RandomGenerator trapped = () -> {
            numbers.touched();
            return random.nextLong();
        };
        new LeaseKeeper(new LeaseKeeper.Parts(
                        spec,
                        SETTINGS,
                        "test",
                        store,
                        offered,
                        new LogicalClock(time, new ReentrantLock()),
                        clock.in(time),
                        trapped,
                        loop,
                        events::add))
                .start();
    }

    @ParameterizedTest
    @EnumSource(Trap.Kind.class)
    void p12_aWindowThatCouldNotBeOfferedIsOfferedAgain(Trap.Kind kind) {
        offers.arm(kind, 0, 1);
        start();
        turned.pass(UNTIL_THE_FLOOR_HAS_PASSED);
        assertThat(offers.sprung()).isTrue();
        assertThat(offered.windows).as("windows offered").isNotEmpty();
        Window latest = offered.windows.get(offered.windows.size() - 1);
        long end = latest.end();
        turned.pass(TWO_RENEWALS);
        assertThat(latest.end()).as("the end of the latest").isGreaterThan(end);
    }

    @Test
    void p12_aCallerWhoCouldNotHurryARenewalKeepsNoOtherFromIt() {
        start();
        turned.pass(UNTIL_THE_FLOOR_HAS_PASSED);
        turned.pass(Duration.ofMillis(200)); // no regular renewal is due for two seconds
        loop.poor = true;
        assertThatThrownBy(offered.whenUsedUp::run, "what the loop throws is the caller's")
                .isInstanceOf(InternalError.class);
        loop.poor = false;
        long asked = time.monotonicNanos();
        int before = store.applied();
        offered.whenUsedUp.run();
        turned.pass(Duration.ofMillis(25));
        assertThat(store.applied()).as("renewals at once").isEqualTo(before + 1);
        assertThat(store.appliedAtNanos()).isGreaterThanOrEqualTo(asked);
    }

    @Test
    void p12_noCallerHurriesARenewalWhileTheKeeperIsAboutToBeginAgain() {
        start();
        turned.pass(UNTIL_THE_FLOOR_HAS_PASSED);
        clock.arm(Trap.Kind.ERROR, 0, 1);
        passUntilSprung(clock);
        numbers.arm(Trap.Kind.ERROR, 0, 1); // the waiting time cannot be drawn, so it begins once more
        passUntilSprung(numbers);
        offered.whenUsedUp.run();
        turned.pass(TWO_RENEWALS);
        assertThat(events)
                .filteredOn(event -> event.kind() == LeaseEvent.Kind.FAILED)
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(event -> assertThat(event.detail()).contains("NoClassDefFoundError: planted"));
    }

    private void passUntilSprung(Trap trap) {
        for (int i = 0; i < 1_000 && !trap.sprung(); i++) {
            turned.pass(Duration.ofMillis(10));
        }
        assertThat(trap.sprung()).isTrue();
    }

    @Test
    void aGeneratorThatHasNoMemoryToCloseEndsItsLoops() {
        SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .timeSource(time)
                .random(new SplittableRandom(7))
                .loops(name -> loop)
                .start();
        turned.pass(UNTIL_THE_FLOOR_HAS_PASSED);
        loop.poor = true;
        assertThatThrownBy(ids::close).isInstanceOf(InternalError.class);
        assertThat(loop.closed).as("the loops are closed").isTrue();
    }
}
