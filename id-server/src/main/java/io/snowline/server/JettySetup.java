package io.snowline.server;

import io.snowline.server.http.JsonErrorHandler;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Adjusts Jetty as it starts: the calls for IDs come before everything else, errors are JSON, and the time for stopping
 * is shared. On a stop, Jetty accepts no more connections, waits for running requests for at most its stop timeout,
 * closes its connectors, and then stops what Dropwizard manages. For all of it to fit into the grace period, part of
 * that is reserved for giving node ids back.
 */
final class JettySetup implements LifeCycle.Listener {

    private static final Duration RELEASE = Duration.ofSeconds(6);

    private final Handler.Wrapper front;
    private final Consumer<Server> bounds;

    /**
     * @param front comes before all other handlers
     * @param bounds sets the bounds of a server's connections
     */
    JettySetup(Handler.Wrapper front, Consumer<Server> bounds) {
        this.front = front;
        this.bounds = bounds;
    }

    @Override
    public void lifeCycleStarting(LifeCycle event) {
        if (event instanceof Server server) {
            putInFront(server);
            CompleteLog.apply(server);
            bounds.accept(server);
            server.setErrorHandler(new JsonErrorHandler());
            server.setStopTimeout(drainMillis(server.getStopTimeout()));
        }
    }

    /**
     * Puts the handler behind those that wrap all of Dropwizard's, and so ahead of the choice between its own: the
     * graceful stop counts every request, and compression, if enabled, sees every answer.
     */
    private void putInFront(Handler.Singleton outermost) {
        Handler.Singleton last = outermost;
        while (last.getHandler() instanceof Handler.Singleton next) {
            last = next;
        }
        front.setHandler(last.getHandler());
        last.setHandler(front);
    }

    static long drainMillis(long graceMillis) {
        return Math.max(graceMillis / 2, graceMillis - RELEASE.toMillis());
    }
}
