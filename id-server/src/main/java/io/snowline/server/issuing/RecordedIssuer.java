package io.snowline.server.issuing;

import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** Issues in recorded mode: every order waits for the backend, together with those who wait at the same moment. */
record RecordedIssuer(GeneratorSettings settings, RecordedIdGenerator generator, NamespaceMetrics metrics)
        implements Issuer {

    @Override
    public void issue(IdOrder order, Executor executor) {
        Stopping.execute(executor, () -> issue(order), order);
    }

    private void issue(IdOrder order) {
        long[] ids = new long[order.count()];
        try {
            generator.nextIds(order.node().orElse(settings.recorded().node()), ids);
        } catch (IdUnavailableException e) {
            metrics.refused(e);
            order.refused(e);
            return;
        } catch (RuntimeException e) {
            order.failed(e);
            return;
        }
        metrics.issued(order.count());
        order.issued(ids);
    }

    @Override
    public Optional<Optional<Instant>> recordedAt(long id) {
        return generator.hasLedger() ? Optional.of(generator.recordedAt(id)) : Optional.empty();
    }

    @Override
    public boolean keepsRecords() {
        return generator.hasLedger();
    }

    @Override
    public void answered(int status) {
        metrics.answered(status);
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
