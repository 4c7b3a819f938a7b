package io.snowline.server.admin;

import com.codahale.metrics.health.HealthCheck;
import io.snowline.id.LaneStatus;
import io.snowline.server.issuing.Issuer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells whether a namespace is ready: healthy as long as IDs can be issued, even while the coordinator is away. Says as well
 * when its lease keeper failed last, also when it has long begun again.
 *
 * <p>Safe for use by many threads.
 */
public final class LeaseHealthCheck extends HealthCheck {

    private final Issuer issuer;

    /** Makes the check of a namespace. */
    public LeaseHealthCheck(Issuer issuer) {
        this.issuer = issuer;
    }

    @Override
    protected Result check() {
        List<LaneStatus> lanes = issuer.status();
        Optional<Duration> remaining = lanes.stream()
                .map(LaneStatus::remaining)
                .filter(duration -> duration.toNanos() > 0)
                .max(Duration::compareTo);
        String failures = lanes.stream()
                .flatMap(lane -> lane.failure().stream())
                .map(failure -> "; " + failure)
                .distinct()
                .collect(Collectors.joining());
        String problems = lanes.stream()
                .flatMap(lane -> lane.problem().stream())
                .distinct()
                .collect(Collectors.joining("; "));
        if (remaining.isEmpty()) {
            return Result.unhealthy(
                    "%s", "no ID can be issued: " + (problems.isEmpty() ? "no window" : problems) + failures);
        }
        String held = issuer.settings().leased() ? held(lanes, remaining.get()) : "recorded mode";
        return Result.healthy("%s", (problems.isEmpty() ? held : held + "; but " + problems) + failures);
    }

    private static String held(List<LaneStatus> lanes, Duration remaining) {
        String nodes = lanes.stream()
                .flatMap(lane -> lane.node().stream().boxed())
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return "node id %s, good for %d ms without the coordinator".formatted(nodes, remaining.toMillis());
    }
}
