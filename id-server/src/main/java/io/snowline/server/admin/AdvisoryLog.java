package io.snowline.server.admin;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.coordination.NodeCoordinator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what is set up in a way that can cost records: soon after the start, and again whenever it has changed. Not safe
 * for use by many threads: one at a time runs it.
 */
public final class AdvisoryLog implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(AdvisoryLog.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);

    private final NodeCoordinator coordinator;
    private List<String> latest = List.of();

    private AdvisoryLog(NodeCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** Begins to look at a coordinator. */
    public static void start(NodeCoordinator coordinator, ScheduledExecutorService executor) {
        var unused =
                executor.scheduleWithFixedDelay(new AdvisoryLog(coordinator), 1, PERIOD.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void run() {
        List<String> advisories;
        try {
            advisories = coordinator.advisories();
        } catch (CoordinatorUnavailableException e) {
            LOG.debug("No advice from a coordinator that is away", e);
            return;
        } catch (RuntimeException e) {
            LOG.warn("The coordinator's advice could not be read", e); // thrown on, it would end the schedule
            return;
        }
        if (!advisories.equals(latest)) {
            advisories.forEach(advisory -> LOG.warn("{}: {}", coordinator, advisory));
            latest = advisories;
        }
    }
}
