package io.snowline.server.admin;

import com.codahale.metrics.health.HealthCheck;
import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import java.util.List;

/**
 * Tells how the coordinator is. Always healthy, because a server that still has a window works without it; what matters
 * for readiness is in {@link LeaseHealthCheck}.
 *
 * <p>Safe for use by many threads.
 */
public final class CoordinatorHealthCheck extends HealthCheck {

    private final NodeCoordinator coordinator;

    /** Makes the check of a coordinator. */
    public CoordinatorHealthCheck(NodeCoordinator coordinator) {
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
