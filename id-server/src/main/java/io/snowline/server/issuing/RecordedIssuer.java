package io.snowline.server.issuing;

import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Issues in recorded mode. */
record RecordedIssuer(GeneratorSettings settings, RecordedIdGenerator generator, NamespaceMetrics metrics)
        implements Issuer {

    @Override
    public long[] issue(int count, OptionalInt node) {
        return metrics.count(
                count, ids -> generator.nextIds(node.orElse(settings.recorded().node()), ids));
    }

    @Override
    public Optional<Optional<Instant>> recordedAt(long id) {
        return generator.hasLedger() ? Optional.of(generator.recordedAt(id)) : Optional.empty();
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
