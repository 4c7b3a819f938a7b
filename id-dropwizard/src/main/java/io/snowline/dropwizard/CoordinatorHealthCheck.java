package io.snowline.dropwizard;

import com.codahale.metrics.health.HealthCheck;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import java.util.List;

/**
 * Reports the state of the coordinator. Always healthy, because an application that still has a window works without it;
 * readiness is reported by {@link LeaseHealthCheck}.
 *
 * <p>Thread-safe.
 */
final class CoordinatorHealthCheck extends HealthCheck {

    private final NodeCoordinator coordinator;

    CoordinatorHealthCheck(NodeCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    @Override
    protected Result check() {
        try {
            List<String> advisories = coordinator.advisories();
            String advice = advisories.isEmpty() ? "" : "; note: " + String.join("; ", advisories);
            return Result.healthy("%s", coordinator + advice);
        } catch (CoordinatorUnavailableException e) {
            return Result.healthy("%s", coordinator + " is away: " + e.getMessage());
        }
    }
}
