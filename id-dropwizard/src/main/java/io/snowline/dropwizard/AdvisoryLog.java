package io.snowline.dropwizard;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs warnings about settings that can cost records: soon after the start, and again whenever they have changed. Goes
 * on whatever is thrown meanwhile.
 *
 * <p>Thread-safe.
 */
final class AdvisoryLog implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdvisoryLog.class);
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final NodeCoordinator coordinator;
    private final Duration soon;
    private final Duration period;
    private final ScheduledExecutorService timer;

    /** Used by the timer's thread only. */
    private List<String> latest = List.of();

    private AdvisoryLog(NodeCoordinator coordinator, Duration soon, Duration period) {
        this.coordinator = coordinator;
        this.soon = soon;
        this.period = period;
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "snowline-advisories");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts to watch a coordinator. */
    static AdvisoryLog start(NodeCoordinator coordinator) {
        return start(coordinator, SOON, PERIOD);
    }

    static AdvisoryLog start(NodeCoordinator coordinator, Duration soon, Duration period) {
        AdvisoryLog log = new AdvisoryLog(coordinator, soon, period);
        log.lookAfter(soon);
        return log;
    }

    private void lookAfter(Duration delay) {
        var unused = timer.schedule(this::look, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void look() {
        Duration next = period;
        try {
            tell(coordinator.advisories());
        } catch (CoordinatorUnavailableException e) {
            LOG.debug("No advice from a coordinator that is away", e);
            next = soon;
        } catch (RuntimeException | Error e) {
            LOG.error("The coordinator could not be asked for advice", e);
        } finally {
            lookAfter(next);
        }
    }

    private void tell(List<String> advisories) {
        if (!advisories.equals(latest)) {
            advisories.forEach(advisory -> LOG.warn("{}: {}", coordinator, advisory));
            latest = advisories;
        }
    }

    /** Ends; does not wait for a check in progress. */
    @Override
    public void close() {
        timer.shutdownNow(); // a look that is scheduled would run once more
    }
}
