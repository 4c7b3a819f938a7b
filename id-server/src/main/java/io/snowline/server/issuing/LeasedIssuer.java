package io.snowline.server.issuing;

import io.snowline.id.LaneStatus;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Issues in leased mode. */
record LeasedIssuer(GeneratorSettings settings, SnowflakeGenerator generator, NamespaceMetrics metrics)
        implements Issuer {

    @Override
    public long[] issue(int count, OptionalInt node) {
        return metrics.count(count, ids -> {
            if (ids.length == 1) {
                ids[0] = generator.nextId();
            } else {
                generator.nextIds(ids);
            }
        });
    }

    @Override
    public Optional<Optional<Instant>> recordedAt(long id) {
        return Optional.empty();
    }

    @Override
    public List<LaneStatus> status() {
        return generator.status();
    }

    @Override
    public void close() {
        generator.close();
    }
}
