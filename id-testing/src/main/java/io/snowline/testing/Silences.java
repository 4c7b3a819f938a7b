package io.snowline.testing;

import io.snowline.coordination.StoreView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Coordinators whose server cannot be reached for a while, by connections that are lost for good because of that. */
public final class Silences {

    private Silences() {}

    /**
     * Lets each of some coordinators meet one silence, all at the same time.
     *
     * @param coordinators how many
     * @param apart how long the first silence lasts, and how much longer each one is than the one before
     * @param wires returns a proxy of its own for each coordinator
     * @param open opens a coordinator that reaches its server through a proxy
     * @return how long after the end of its silence each coordinator answered again
     */
    public static List<Duration> recoveries(
            int coordinators, Duration apart, Supplier<? extends Wire> wires, Function<Wire, NamespaceSteps> open)
            throws InterruptedException, ExecutionException {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2 * coordinators);
        try {
            List<Future<Duration>> recoveries = new ArrayList<>();
            for (int i = 1; i <= coordinators; i++) {
                Duration silence = apart.multipliedBy(i);
                recoveries.add(threads.submit(() -> recovery(threads, silence, wires.get(), open)));
            }
            List<Duration> took = new ArrayList<>();
            for (Future<Duration> recovery : recoveries) {
                took.add(recovery.get());
            }
            System.out.println("Recovered from silences " + apart + " apart within " + took);
            return took;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Duration recovery(
            ScheduledExecutorService threads, Duration silence, Wire wire, Function<Wire, NamespaceSteps> open)
            throws InterruptedException, ExecutionException {
        try (wire;
                NamespaceSteps steps = open.apply(wire)) {
            steps.create();
            wire.lose();
            Future<Long> found = found(threads, silence, wire);
            boolean answered = false;
            while (!answered) {
                Await.pause();
                answered = steps.answer().flatMap(StoreView::namespace).isPresent() && found.isDone();
            }
            return Duration.ofNanos(System.nanoTime() - found.get());
        }
    }

    /** Ends a silence after some time, whatever the client does meanwhile, and returns the time at which it did. */
    private static Future<Long> found(ScheduledExecutorService threads, Duration silence, Wire wire) {
        return threads.schedule(
                () -> {
                    wire.find();
                    return System.nanoTime();
                },
                silence.toMillis(),
                TimeUnit.MILLISECONDS);
    }
}
