package io.snowline.id;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether a generator can issue IDs, in words for health checks.
 *
 * <p>Immutable and thread-safe.
 *
 * @param ready whether it can
 * @param detail a sentence for people: what is held, and what is wrong
 */
public record Readiness(boolean ready, String detail) {

    /** Describes a generator of leased mode by {@link SnowflakeGenerator#status()}: it is ready if one lane is. */
    public static Readiness of(List<LaneStatus> lanes) {
        Duration remaining = lanes.stream()
                .map(LaneStatus::remaining)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        String problems = lanes.stream()
                .flatMap(lane -> lane.problem().stream())
                .distinct()
                .collect(Collectors.joining("; "));
        String failures = lanes.stream()
                .flatMap(lane -> lane.failure().stream())
                .map(failure -> "; " + failure)
                .distinct()
                .collect(Collectors.joining());
        if (remaining.toNanos() <= 0) {
            return new Readiness(false, (problems.isEmpty() ? "no window" : problems) + failures);
        }
        String held = held(lanes, remaining);
        return new Readiness(true, (problems.isEmpty() ? held : held + "; but " + problems) + failures);
    }

    private static String held(List<LaneStatus> lanes, Duration remaining) {
        String nodes = lanes.stream()
                .flatMap(lane -> lane.node().stream().boxed())
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        return "node id %s, good for %s ms without the coordinator".formatted(nodes, remaining.toMillis());
    }

    /** Describes a generator of recorded mode by {@link RecordedIdGenerator#status()}. */
    public static Readiness of(RecordedStatus status) {
        String failure = status.failure().map(latest -> "; " + latest).orElse("");
        String node = status.node().isPresent() ? "node id " + status.node().getAsInt() : "no node id";
        return status.problem()
                .map(problem -> new Readiness(false, problem + failure))
                .orElseGet(() -> new Readiness(true, node + ", recorded mode" + failure));
    }
}
