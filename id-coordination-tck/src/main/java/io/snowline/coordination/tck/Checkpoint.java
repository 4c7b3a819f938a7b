package io.snowline.coordination.tck;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A point that every request of one coordinator passes: counts the requests, and holds one and all that follow until
 * they are let go.
 *
 * <p>Thread-safe.
 */
final class Checkpoint implements Runnable {

    private volatile Hold hold = new Hold(Integer.MAX_VALUE);

    /** Called before each request. */
    @Override
    public void run() {
        hold.pass();
    }

    /** Holds the n-th request from now on, and those after it. */
    void holdFrom(int request) {
        hold = new Hold(request);
    }

    /** Lets all requests pass, those being held and those to come. */
    void letGo() {
        Hold over = hold;
        hold = new Hold(Integer.MAX_VALUE);
        over.gate.countDown();
    }

    /** Waits until a request is held, or a task has ended; returns whether one is held. */
    boolean awaitHeldOr(Task<?> task) throws InterruptedException {
        return task.isOvertakenBy(hold.reached);
    }

    private static final class Hold {

        private final AtomicInteger left;
        private final CompletableFuture<Boolean> reached = new CompletableFuture<>();
        private final CountDownLatch gate = new CountDownLatch(1);

        Hold(int request) {
            left = new AtomicInteger(request);
        }

        void pass() {
            if (left.decrementAndGet() > 0) {
                return;
            }
            reached.complete(true);
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
