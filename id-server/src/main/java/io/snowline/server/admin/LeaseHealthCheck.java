package io.snowline.server.admin;

import com.codahale.metrics.health.HealthCheck;
import io.snowline.id.Readiness;
import io.snowline.server.issuing.Issuer;

/**
 * Tells whether a namespace is ready: healthy as long as IDs can be issued, even while the coordinator is away. Also
 * reports the latest failure of its lease keeper, even if the keeper recovered long ago.
 *
 * <p>Thread-safe.
 */
public final class LeaseHealthCheck extends HealthCheck {

    private final Issuer issuer;

    /** Makes the check of a namespace. */
    public LeaseHealthCheck(Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    protected Result check() {
        Readiness readiness = issuer.readiness();
        return readiness.ready()
                ? Result.healthy("%s", readiness.detail())
                : Result.unhealthy("%s", "no ID can be issued: " + readiness.detail());
    }
}
