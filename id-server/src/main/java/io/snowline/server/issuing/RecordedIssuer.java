package io.snowline.server.issuing;

import io.snowline.id.IdTaker;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.access.Limit;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.threads.DeferredTasks;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/** Issues in recorded mode: orders wait in the generator's queue, and those waiting at the same moment share rounds. */
final class RecordedIssuer implements Issuer {

    private final GeneratorSettings settings;
    private final RecordedIdGenerator generator;
    private final CallMetrics metrics;

    RecordedIssuer(GeneratorSettings settings, RecordedIdGenerator generator, CallMetrics metrics) {
        this.settings = settings;
        this.generator = generator;
        this.metrics = metrics;
    }

    @Override
    public GeneratorSettings settings() {
        return settings;
    }

    @Override
    public void issue(IdOrder order, Executor executor) {
        Executor answering = new Answering(executor);
        IdTaker taker = new Counted(order);
        order.node()
                .ifPresentOrElse(
                        node -> generator.nextIds(node, order.count(), answering, taker),
                        () -> generator.nextIds(order.count(), answering, taker));
    }

    @Override
    public void issue(RangeOrder order, Executor executor) {
        throw new UnsupportedOperationException("namespace %s is recorded".formatted(settings.namespace()));
    }

    /** The threads of an executor; after answering, they run the tasks that were deferred meanwhile. */
    private record Answering(Executor threads) implements Executor {
        @Override
        public void execute(Runnable task) {
            threads.execute(() -> DeferredTasks.following(task));
        }
    }

    private final class Counted implements IdTaker {

        private final IdOrder order;

        Counted(IdOrder order) {
            this.order = order;
        }

        @Override
        public void issued(long[] ids) {
            metrics.issued(ids.length);
            order.issued(ids);
        }

        @Override
        public void refused(IdUnavailableException why) {
            metrics.refused(why);
            order.refused(why);
        }
    }

    @Override
    public Optional<LongFunction<Recording>> ledger() {
        return generator.hasLedger() ? Optional.of(id -> new Recording(generator.recordedAt(id))) : Optional.empty();
    }

    @Override
    public void answered(int status) {
        metrics.answered(status);
    }

    @Override
    public LongConsumer timer(String call) {
        return metrics.timer(call);
    }

    @Override
    public void issuedTo(String token, int count) {
        metrics.issuedTo(token, count);
    }

    @Override
    public void limited(Limit limit) {
        metrics.limited(limit);
    }
}
