package io.snowline.server.issuing;

import io.snowline.id.IdUnavailableException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Handles orders when no more threads are available, because the process is stopping. */
final class Shutdown {

    private Shutdown() {}

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
