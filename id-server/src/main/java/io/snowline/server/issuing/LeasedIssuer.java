package io.snowline.server.issuing;

import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.id.SnowflakeGenerator;
import io.snowline.server.access.Limit;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.threads.DeferredTasks;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Issues in leased mode: immediately as long as the layout's rate allows, then in turn. */
final class LeasedIssuer implements Issuer {

    /**
     * Above this many IDs, a switch of threads costs less than the time that other requests would wait for this one.
     */
    private static final int MOST_AT_ONCE = 2_048;

    private final GeneratorSettings settings;
    private final SnowflakeGenerator generator;
    private final CallMetrics metrics;
    private final WaitingLine<Turn> line =
            new WaitingLine<>(this::serve, turn -> turn.order().refused(Shutdown.refusal()));
    private final ThreadLocal<long[]> scratch = ThreadLocal.withInitial(() -> new long[MOST_AT_ONCE]);

    LeasedIssuer(GeneratorSettings settings, SnowflakeGenerator generator, CallMetrics metrics) {
        this.settings = settings;
        this.generator = generator;
        this.metrics = metrics;
    }

    /**
     * An order whose turn comes later.
     *
     * @param take takes what was ordered, waiting if necessary, and returns the step that hands it out
     */
    private record Turn(Order order, Supplier<Runnable> take) {}

    @Override
    public GeneratorSettings settings() {
        return settings;
    }

    @Override
    public void issue(IdOrder order, Executor executor) {
        if (order.count() <= MOST_AT_ONCE) {
            issue(order, scratch.get(), executor);
        } else {
            Shutdown.execute(executor, () -> issueMany(order, executor), order);
        }
    }

    private void issueMany(IdOrder order, Executor executor) {
        try {
            issue(order, new long[order.count()], executor);
        } catch (RuntimeException | Error e) {
            order.failed(e);
        }
    }

    /** Issues immediately what is available; the rest waits for its turn, behind those that wait already. */
    private void issue(IdOrder order, long[] ids, Executor executor) {
        int count = order.count();
        int filled = line.isEmpty() ? generator.tryNextIds(ids, 0, count) : 0;
        if (filled == count) {
            metrics.issued(count);
            order.issued(ids);
        } else {
            long[] own = Arrays.copyOf(ids, count);
            long joined = System.nanoTime();
            line.join(new Turn(order, () -> take(order, own, filled, joined)), executor);
        }
    }

    /** Hands out what one lane gives immediately; if it gives nothing, the order waits for its turn like any other. */
    @Override
    public void issue(RangeOrder order, Executor executor) {
        Optional<IdRange> range = line.isEmpty() ? generator.tryNextRange(order.atMost()) : Optional.empty();
        if (range.isPresent()) {
            handOut(range.get(), order);
        } else {
            long joined = System.nanoTime();
            line.join(new Turn(order, () -> take(order, joined)), executor);
        }
    }

    private void handOut(IdRange range, RangeOrder order) {
        metrics.issued(range);
        order.issued(range);
    }

    private void serve(Turn turn) {
        Runnable answer;
        try {
            answer = turn.take().get();
        } catch (IdUnavailableException e) {
            metrics.refused(e);
            turn.order().refused(e);
            return;
        } catch (RuntimeException | Error e) {
            turn.order().failed(e);
            return;
        }
        answer.run();
    }

    private Runnable take(IdOrder order, long[] ids, int before, long joinedNanos) {
        int count = order.count();
        int filled = before + generator.tryNextIds(ids, before, count);
        if (filled < count) {
            DeferredTasks.catchUp();
            generator.nextIds(ids, filled, count, waitLeft(joinedNanos));
        }
        return () -> {
            metrics.issued(count);
            order.issued(ids);
        };
    }

    private Runnable take(RangeOrder order, long joinedNanos) {
        IdRange range = generator.tryNextRange(order.atMost()).orElseGet(() -> {
            DeferredTasks.catchUp();
            return generator.nextRange(order.atMost(), waitLeft(joinedNanos));
        });
        return () -> handOut(range, order);
    }

    /** Returns what is left of a request's maxWait; time in the queue counts. */
    private Duration waitLeft(long joinedNanos) {
        Duration left = settings.maxWait().minusNanos(System.nanoTime() - joinedNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    @Override
    public Optional<LongFunction<Recording>> ledger() {
        return Optional.empty();
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
