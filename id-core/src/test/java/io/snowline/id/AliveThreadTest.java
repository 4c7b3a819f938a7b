package io.snowline.id;

import static org.assertj.core.api.Assertions.assertThat;

import io.snowline.coordination.ReservationSettings;
import io.snowline.lease.LeaseKeeper;
import io.snowline.time.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** P12 on the machine's clocks, and on the thread that generators have outside of tests. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AliveThreadTest {

    private static final ReservationSettings SETTINGS = new ReservationSettings(
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    private final TimeSource time = TimeSource.system();
    private final Map<Place, Trap> traps = Map.of(
            Place.COORDINATOR, new Trap(time),
            Place.LISTENER, new Trap(time),
            Place.LOG_HANDLER, new Trap(time),
            Place.CLOCK, new Trap(time));
    private final TrappedStore store =
            new TrappedStore(new MemoryStore(time::wallMillis), traps.get(Place.COORDINATOR), time);

    private AutoCloseable log;

    @BeforeEach
    void trapTheLog() {
        log = traps.get(Place.LOG_HANDLER).inLogOf(LeaseKeeper.class);
    }

    @AfterEach
    void closeTheLog() throws Exception {
        log.close();
    }

    private enum Place {
        COORDINATOR,
        LISTENER,
        LOG_HANDLER,
        CLOCK
    }

    static Stream<Arguments> everyPlaceAndKind() {
        return Stream.of(Place.values())
                .flatMap(place -> Stream.of(Trap.Kind.values()).map(kind -> Arguments.of(place, kind)));
    }

    @ParameterizedTest
    @MethodSource("everyPlaceAndKind")
    void p12_renewalsGoOn(Place place, Trap.Kind kind) {
        try (SnowflakeGenerator ids = SnowflakeGenerator.builder(store, "orders")
                .reservation(SETTINGS)
                .timeSource(traps.get(Place.CLOCK).in(time))
                .listener(event -> traps.get(Place.LISTENER).touched())
                .start()) {
            await("a window", () -> store.applied() > 2);
            for (int quiet = 0; quiet < 6; quiet += 5) {
                Trap trap = traps.get(place);
                trap.arm(kind, quiet, 2);
                await("what is thrown by " + place, trap::sprung);
                int before = store.applied();
                await("renewals after what was thrown by " + place, () -> store.applied() >= before + 2);
            }
            await("IDs", () -> ids.status().get(0).remaining().toMillis() > 0);
            assertThat(ids.nextId()).isPositive();
        }
    }

    private void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("no %s within 10 s; %d renewals in all", what, store.applied())
                    .isNegative();
            LockSupport.parkNanos(1_000_000);
        }
    }
}
