package io.snowline.simulation;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/** The seeds that a build runs, and the number of threads. */
final class Seeds {

    static final long FIRST = Long.getLong("snowline.simulation.seed", 1);
    static final int COUNT = Integer.getInteger("snowline.simulation.seeds", 500);
    static final long END = FIRST + COUNT;

    /** For a planted bug whose seed has moved. Most are seen within 400 seeds, the rarest in one of some 2,000. */
    static final int SEARCHED = 10_000;

    static final int THREADS = Integer.getInteger(
            "snowline.simulation.threads", Runtime.getRuntime().availableProcessors());

    private Seeds() {}

    /** Runs something on all threads at the same time, and waits for all of them. */
    static void onAllThreads(Runnable work) throws InterruptedException {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Object>> parts = Stream.generate(() -> Executors.callable(work))
                    .limit(THREADS)
                    .toList();
            for (Future<Object> part : pool.invokeAll(parts)) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a simulation broke off", e);
        } finally {
            pool.shutdownNow();
        }
    }
}
