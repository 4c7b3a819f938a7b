package io.snowline.server.issuing;

import io.snowline.id.IdUnavailableException;
import io.snowline.id.LaneStatus;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.server.config.GeneratorSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Issues in recorded mode: every order waits for the backend, together with those of its node id that wait at the same
 * moment. They share what becomes of it, a refusal as well.
 */
final class RecordedIssuer implements Issuer {

    /** As many IDs as one round of the generator takes. */
    private static final int MOST_TOGETHER = 16_384;

    private final GeneratorSettings settings;
    private final RecordedIdGenerator generator;
    private final NamespaceMetrics metrics;
    private final Map<Integer, WaitingLine<Turn>> lines = new ConcurrentHashMap<>();

    RecordedIssuer(GeneratorSettings settings, RecordedIdGenerator generator, NamespaceMetrics metrics) {
        this.settings = settings;
        this.generator = generator;
        this.metrics = metrics;
    }

    /** An order, and when it came. */
    private record Turn(IdOrder order, long joinedNanos) {}

    @Override
    public GeneratorSettings settings() {
        return settings;
    }

    @Override
    public void issue(IdOrder order, Executor executor) {
        int node = order.node().orElse(settings.recorded().node());
        lines.computeIfAbsent(node, this::line).join(new Turn(order, System.nanoTime()), executor);
    }

    private WaitingLine<Turn> line(int node) {
        return new WaitingLine<>(
                MOST_TOGETHER, turn -> turn.order().count(), turns -> serve(node, turns), turn -> turn.order()
                        .refused(Stopping.refusal()));
    }

    /** Has the orders of a group issued together, and returns the telling of the answers. */
    private Optional<Runnable> serve(int node, List<Turn> turns) {
        List<IdOrder> orders = new ArrayList<>(turns.size());
        List<IdOrder> late = new ArrayList<>();
        for (Turn turn : turns) {
            boolean inTime =
                    System.nanoTime() - turn.joinedNanos() <= settings.maxWait().toNanos();
            (inTime ? orders : late).add(turn.order());
        }
        Runnable answers = orders.isEmpty() ? () -> {} : issue(node, orders);
        return Optional.of(() -> {
            answers.run();
            late.forEach(order -> refuse(order, cameTooLate()));
        });
    }

    private Runnable issue(int node, List<IdOrder> orders) {
        try {
            long[] ids = new long[orders.stream().mapToInt(IdOrder::count).sum()];
            generator.nextIds(node, ids);
            return () -> answer(orders, ids);
        } catch (IdUnavailableException e) {
            return () -> orders.forEach(order -> refuse(order, e));
        } catch (RuntimeException | Error e) {
            return () -> orders.forEach(order -> order.failed(e));
        }
    }

    private void answer(List<IdOrder> orders, long[] ids) {
        int from = 0;
        for (IdOrder order : orders) {
            metrics.issued(order.count());
            order.issued(Arrays.copyOfRange(ids, from, from + order.count()));
            from += order.count();
        }
    }

    private void refuse(IdOrder order, IdUnavailableException why) {
        metrics.refused(why);
        order.refused(why);
    }

    private IdUnavailableException cameTooLate() {
        return new IdUnavailableException(
                IdUnavailableException.Reason.RATE_EXCEEDED,
                Duration.ofMillis(100),
                "the turn of this request did not come within maxWait %s".formatted(settings.maxWait()));
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
