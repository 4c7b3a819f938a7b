package io.snowline.spring;

import io.snowline.coordination.LeaseEvent;
import io.snowline.coordination.LeaseListener;
import io.snowline.coordination.NamespaceMismatchException;
import io.snowline.coordination.UnreadableRecordException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What has happened to the leases of a namespace so far. Thread-safe. */
final class LeaseEvents implements LeaseListener {

    private final LongAdder renewals = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder keeperFailures = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final LongAdder floorsRaised = new LongAdder();
    private final List<Consumer<Duration>> timers = new CopyOnWriteArrayList<>();

    /** What the first answer of the coordinator was: why the namespace can never be served, or nothing of that kind. */
    private final CompletableFuture<Optional<RuntimeException>> firstOutcome = new CompletableFuture<>();

    @Override
    public void onEvent(LeaseEvent event) {
        switch (event.kind()) {
            case ACQUIRED, RENEWED, RECOVERED -> renewed(event.took());
            case AT_RISK -> count(failures);
            case FAILED -> count(keeperFailures);
            case REFUSED ->
                firstOutcome.complete(
                        event.cause().filter(LeaseEvents::hopeless).map(RuntimeException.class::cast));
            case WAITING -> firstOutcome.complete(Optional.empty());
            case LOST -> lost.increment();
            case FLOOR_RAISED -> floorsRaised.increment();
            case CREATED, AHEAD_RAISED, RELEASED -> {}
        }
    }

    private void renewed(Duration took) {
        count(renewals);
        timers.forEach(timer -> timer.accept(took));
    }

    private void count(LongAdder outcomes) {
        outcomes.increment();
        firstOutcome.complete(Optional.empty());
    }

    private static boolean hopeless(Throwable cause) {
        return cause instanceof NamespaceMismatchException || cause instanceof UnreadableRecordException;
    }

    /**
     * Waits until the coordinator has answered once, or was not reached.
     *
     * @return why the namespace can never be served; empty if that is not so, or not known in time
     */
    Optional<RuntimeException> awaitFirstOutcome(Duration atMost) {
        try {
            return firstOutcome.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing completes this with an exception", e);
        }
    }

    /** Tells a timer how long the coordinator took to answer, from now on. */
    void addTimer(Consumer<Duration> timer) {
        timers.add(timer);
    }

    LongAdder renewals() {
        return renewals;
    }

    LongAdder failures() {
        return failures;
    }

    LongAdder keeperFailures() {
        return keeperFailures;
    }

    LongAdder lost() {
        return lost;
    }

    LongAdder floorsRaised() {
        return floorsRaised;
    }
}
