package io.snowline.dropwizard;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.health.HealthCheck;
import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.ReservationSettings;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.id.Readiness;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.time.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** P12 as an operator sees it: health and a metric say that a lease keeper failed, and when. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeeperFailureTest {

    private static final ReservationSettings RESERVATION = new ReservationSettings(
            Duration.ofSeconds(1),
            Duration.ofMillis(100),
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofSeconds(10));

    private final MetricRegistry registry = new MetricRegistry();
    private final NamespaceMetrics metrics = new NamespaceMetrics("orders", registry);
    private final BrokenClock clock = new BrokenClock();

    /** This machine's clocks; the wall clock can be broken. */
    private static final class BrokenClock implements TimeSource {

        private volatile boolean broken;

        @Override
        public long wallMillis() {
            if (broken) {
                throw new NoClassDefFoundError("com/example/Clock");
            }
            return TimeSource.system().wallMillis();
        }

        @Override
        public long monotonicNanos() {
            return TimeSource.system().monotonicNanos();
        }

        @Override
        public void parkNanos(long nanos) {
            TimeSource.system().parkNanos(nanos);
        }
    }

    @Test
    void healthAndAMetricSayThatAKeeperFailedAndWhen(@TempDir Path directory) {
        LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
        factory.setDirectory(directory.toString());
        try (NodeCoordinator coordinator = factory.open();
                SnowflakeGenerator ids = SnowflakeGenerator.builder(coordinator, "orders")
                        .reservation(RESERVATION)
                        .timeSource(clock)
                        .listener(metrics)
                        .start()) {
            LeaseHealthCheck check = new LeaseHealthCheck(() -> Readiness.of(ids.status()));
            await("health", () -> check.execute().isHealthy());
            assertThat(check.execute().getMessage()).doesNotContain("failed");
            assertThat(failures()).isZero();

            clock.broken = true;
            await("a failure", () -> failures() > 1);
            clock.broken = false;
            long renewals = renewals();
            await("renewals", () -> renewals() > renewals + 2 && check.execute().isHealthy());
            HealthCheck.Result result = check.execute();
            assertThat(result.getMessage())
                    .matches("node id \\d+, good for \\d+ ms without the coordinator; failed last at 20[-0-9T:.]+Z:"
                            + " java\\.lang\\.NoClassDefFoundError: com/example/Clock \\(\\d+ in all\\)");
        }
    }

    private long failures() {
        return registry.counter("snowline.keeper_failures.orders").getCount();
    }

    private long renewals() {
        return registry.counter("snowline.renewals.orders").getCount();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline)
                    .as("no %s within 20 s", what)
                    .isNegative();
            LockSupport.parkNanos(5_000_000);
        }
    }
}
