package io.snowline.server.issuing;

import io.snowline.id.IdUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What happens to orders when threads are no longer given out, because the process stops. */
final class Stopping {

    private Stopping() {}

    /** Runs a step of an order, or refuses the order. */
    static void execute(Executor executor, Runnable step, IdOrder order) {
        try {
            executor.execute(step);
        } catch (RejectedExecutionException e) {
            order.refused(refusal());
        }
    }

    static IdUnavailableException refusal() {
        return new IdUnavailableException(
                IdUnavailableException.Reason.CLOSED, Duration.ZERO, "the server is stopping");
    }
}
