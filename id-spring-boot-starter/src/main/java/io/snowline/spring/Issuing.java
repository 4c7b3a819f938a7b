package io.snowline.spring;

import io.snowline.id.IdGenerator;
import io.snowline.id.LaneStatus;
import io.snowline.id.Readiness;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

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
                () -> Readiness.of(generator.status()),
                () -> generator.status().stream().map(LaneStatus::node).toList(),
                generator::status,
                OptionalLong::empty);
    }

    static Issuing recorded(RecordedIdGenerator generator) {
        return new Issuing(
                generator,
                () -> Readiness.of(generator.status()),
                () -> List.of(generator.status().node()),
                List::of,
                () -> OptionalLong.of(generator.ledgerRefusals()));
    }

    /** Returns for how long IDs can be issued without the coordinator: that of the best lane. */
    static Duration remaining(List<LaneStatus> lanes) {
        return lanes.stream()
                .map(LaneStatus::remaining)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }
}
