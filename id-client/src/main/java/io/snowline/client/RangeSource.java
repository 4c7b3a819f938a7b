package io.snowline.client;

import io.snowline.client.RangeRequests.Answer;
import io.snowline.client.RangeRequests.Given;
import io.snowline.client.RangeRequests.Refused;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Gets ranges from the servers, one round at a time: a round ends with the first range, or when no server may be asked
 * any more. Not thread-safe: the client lets one round begin when the last one has ended.
 */
final class RangeSource {

    /** How many node ids are remembered: more than a client meets before a repeated answer would be too old to be used. */
    private static final int REMEMBERED = 4_096;

    private final String namespace;
    private final Servers servers;
    private final RangeRequests requests;
    private final RangeSize size;
    private final LongSupplier clock;
    private final RetryBudget budget = new RetryBudget();
    private final Map<Integer, Long> ends = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > REMEMBERED;
        }
    };
    private @Nullable IdLayout layout;

    RangeSource(SnowlineClient.Builder settings, RangeRequests requests) {
        this.namespace = settings.namespace;
        this.requests = requests;
        this.clock = settings.clock;
        servers = new Servers(settings.servers, new SplittableRandom());
        size = new RangeSize(settings.maxRange);
    }

    /**
     * How fast IDs are taken.
     *
     * @param used how many IDs were taken since the last round began
     * @param nanos the time since then
     */
    record Demand(long used, long nanos) {}

    /** Returns what servers answered that gave no range; empty if there is none. */
    Optional<Failure> failure() {
        return servers.failure(namespace);
    }

    /** Returns how long no server may be asked; not positive if one may. */
    long restNanos() {
        return servers.restNanos(clock.getAsLong());
    }

    Servers servers() {
        return servers;
    }

    /**
     * Asks for a range: the server that is kept first, then others as long as the budget for retries allows.
     *
     * @param wanted how many IDs callers are waiting for
     */
    Optional<GivenRange> round(Demand demand, LongSupplier wanted) throws InterruptedException {
        int count = size.next(demand.used(), demand.nanos(), wanted.getAsLong());
        boolean retry = false;
        for (Server server : servers.inOrder(clock.getAsLong())) {
            if (retry && !budget.spend()) {
                return Optional.empty();
            }
            retry = true;
            Answer answer = checked(server, askThoroughly(server, count));
            if (answer instanceof Given given) {
                accept(server, given.range().range());
                return Optional.of(given.range());
            }
            servers.failed(server, ((Refused) answer).failure(), clock.getAsLong());
        }
        return Optional.empty();
    }

    /**
     * Asks a server, and asks again for what is no failure of it: a connection that it closed while it was idle, a token
     * that has just changed, or more positions than it gives at once.
     */
    private Answer askThoroughly(Server server, int wanted) throws InterruptedException {
        int count = wanted;
        Answer answer = requests.ask(server.base(), count);
        if (answer instanceof Refused refused && refused.broken() && server.answered()) {
            answer = requests.ask(server.base(), count);
        }
        if (answer instanceof Refused refused && refused.status() == 401 && requests.hasOtherToken(refused.token())) {
            answer = requests.ask(server.base(), count);
        }
        while (answer instanceof Refused refused && refused.status() == 400 && count > 0) {
            count = size.lessThan(count);
            if (count > 0) {
                answer = requests.ask(server.base(), count);
            }
        }
        return answer;
    }

    /** Refuses a range that cannot follow those before it: its IDs would mean something else, or be issued twice. */
    private Answer checked(Server server, Answer answer) {
        if (answer instanceof Given given) {
            return objection(given.range().range())
                    .<Answer>map(objection -> new Refused(
                            Failure.refused(server.base() + " answered 200, but " + objection),
                            200,
                            false,
                            Optional.empty()))
                    .orElse(answer);
        }
        return answer;
    }

    private Optional<String> objection(IdRange range) {
        IdLayout known = layout;
        if (known != null && !known.equals(range.layout())) {
            return Optional.of("the layout must be %s from %s as before, got %s from %s"
                    .formatted(
                            known.descriptor(),
                            known.epoch(),
                            range.layout().descriptor(),
                            range.layout().epoch()));
        }
        long end = ends.getOrDefault(range.node(), 0L);
        return range.position() >= end
                ? Optional.empty()
                : Optional.of("the range must begin at position %s of node id %s or above, got %s: part of it was given"
                                .formatted(end, range.node(), range.position())
                        + " before");
    }

    private void accept(Server server, IdRange range) {
        layout = range.layout();
        ends.put(range.node(), range.position() + range.count());
        budget.succeeded();
        servers.keep(server);
    }
}
