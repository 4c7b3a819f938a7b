package io.snowline.dropwizard;

import com.codahale.metrics.health.HealthCheck;
import io.snowline.id.Readiness;
import java.util.function.Supplier;

/**
 * Tells whether a namespace is ready: healthy as long as IDs can be issued, even while the coordinator is away. Also
 * reports the latest failure of its lease keeper, even if the keeper recovered long ago.
 *
 * <p>Thread-safe.
 */
final class LeaseHealthCheck extends HealthCheck {

    private final Supplier<Readiness> namespace;

    LeaseHealthCheck(Supplier<Readiness> namespace) {
        this.namespace = namespace;
    }

    @Override
    protected Result check() {
        Readiness readiness = namespace.get();
        return readiness.ready()
                ? Result.healthy("%s", readiness.detail())
                : Result.unhealthy("%s", "no ID can be issued: " + readiness.detail());
    }
}
