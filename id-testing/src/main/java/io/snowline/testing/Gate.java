package io.snowline.testing;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A gate that the requests on a {@link Wire} pass: holds one, and those behind it, when told to. Thread-safe. */
public final class Gate implements Runnable {

    private final AtomicReference<Held> next = new AtomicReference<>(new Held(0));

    /**
     * Holds the n-th request from now on.
     *
     * @param number from 1
     */
    public Held hold(int number) {
        Held held = new Held(number);
        next.set(held);
        return held;
    }

    @Override
    public void run() {
        next.get().pass();
    }

    /** A request that is held, or will be. */
    public static final class Held {

        private final AtomicInteger left;
        private final CountDownLatch arrived = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        private Held(int number) {
            this.left = new AtomicInteger(number);
        }

        /** Tells whether the request has come. */
        public boolean hasArrived() {
            return arrived.getCount() == 0;
        }

        /** Lets the request pass. */
        public void release() {
            released.countDown();
        }

        private void pass() {
            if (left.decrementAndGet() != 0) {
                return;
            }
            arrived.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
