package io.snowline.spring;

import io.snowline.id.IdGenerator;
import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.RecordedStatus;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.spring.SnowlineNamespaces.Readiness;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A generator that is running, and what can be asked about it.
 *
 * <p>Thread-safe.
 *
 * @param ids the generator
 * @param readiness whether it can issue
 * @param nodes the node id of each lane
 * @param lanes the state of each lane; none but in leased mode
 * @param ledgerRefusals how many IDs the ledger had already; empty but in recorded mode
 */
record Issuing(
        IdGenerator ids,
        Supplier<Readiness> readiness,
        Supplier<List<OptionalInt>> nodes,
        Supplier<List<LaneStatus>> lanes,
        Supplier<OptionalLong> ledgerRefusals) {

    static Issuing leased(SnowflakeGenerator generator) {
        return new Issuing(
                generator,
                () -> readiness(generator.status()),
                () -> generator.status().stream().map(LaneStatus::node).toList(),
                generator::status,
                OptionalLong::empty);
    }

    static Issuing recorded(RecordedIdGenerator generator) {
        return new Issuing(
                generator,
                () -> readiness(generator.status()),
                () -> List.of(generator.status().node()),
                List::of,
                () -> OptionalLong.of(generator.ledgerRefusals()));
    }

    private static Readiness readiness(List<LaneStatus> lanes) {
        Duration remaining = remaining(lanes);
        String problems = lanes.stream()
                .flatMap(lane -> lane.problem().stream())
                .distinct()
                .collect(Collectors.joining("; "));
        String failures = lanes.stream()
                .flatMap(lane -> lane.failure().stream())
                .map(failure -> "; " + failure)
                .distinct()
                .collect(Collectors.joining());
        if (remaining.isZero()) {
            return new Readiness(false, (problems.isEmpty() ? "no window" : problems) + failures);
        }
        String nodes = lanes.stream()
                .flatMap(lane -> lane.node().stream().boxed())
                .map(String::valueOf)
                .collect(Collectors.joining(", "));
        String held = "node id %s, good for %s ms without the coordinator".formatted(nodes, remaining.toMillis());
        return new Readiness(true, (problems.isEmpty() ? held : held + "; but " + problems) + failures);
    }

    /** Returns for how long IDs can be issued without the coordinator: that of the best lane. */
    static Duration remaining(List<LaneStatus> lanes) {
        return lanes.stream()
                .map(LaneStatus::remaining)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private static Readiness readiness(RecordedStatus status) {
        String failure = status.failure().map(latest -> "; " + latest).orElse("");
        String node = status.node().isPresent() ? "node id " + status.node().getAsInt() : "no node id";
        return status.problem()
                .map(problem -> new Readiness(false, problem + failure))
                .orElseGet(() -> new Readiness(true, node + ", recorded mode" + failure));
    }
}
