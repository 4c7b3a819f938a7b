package io.snowline.server;

import io.dropwizard.lifecycle.Managed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks once a second for what has changed while the server runs: files of tokens, certificates, slow connections. */
final class Refresher implements Managed {

    private static final Logger LOG = LoggerFactory.getLogger(Refresher.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final List<Runnable> tasks;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "snowline-refresh");
        made.setDaemon(true);
        return made;
    });

    /** @param tasks run one after the other; what they throw is logged, and they are run again */
    Refresher(List<Runnable> tasks) {
        this.tasks = tasks;
    }

    @Override
    public void start() {
        var unused = thread.scheduleWithFixedDelay(
                () -> tasks.forEach(Refresher::attempt), EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) { // the executor would never run the task again
            LOG.error("Something unexpected happened while looking for changes; it is tried again", e);
        }
    }

    @Override
    public void stop() {
        thread.shutdownNow();
    }
}
