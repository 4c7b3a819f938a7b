package io.snowline.jmh;

import io.snowline.id.SnowflakeGenerator;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Callers that ask for more than the classic layout gives, without lead: rate, waiting time and the cost of waiting.
 */
record Saturation(
        int lanes, int callers, int batch, double millionsPerSecond, Latencies latencies, double coresPerCaller) {

    /** 4096 IDs per millisecond and node id. */
    static final double MILLIONS_PER_LANE = 4.096;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private record Share(long ids, Latencies latencies, long cpuNanos, long lastNanos) {}

    /** Runs it; with a batch of 1, callers take one ID per call, and each call is timed. */
    static Saturation run(int lanes, int callers, int batch, Duration duration)
            throws InterruptedException, ExecutionException {
        try (SnowflakeGenerator generator = Generators.withoutLead(lanes)) {
            ExecutorService threads = Executors.newFixedThreadPool(callers);
            long start = System.nanoTime();
            List<Future<Share>> shares = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                shares.add(threads.submit(() -> call(generator, batch, start, duration)));
            }
            Latencies latencies = new Latencies();
            long ids = 0;
            long cpuNanos = 0;
            long end = start;
            for (Future<Share> share : shares) {
                ids += share.get().ids;
                cpuNanos += share.get().cpuNanos;
                latencies.add(share.get().latencies);
                end = Math.max(end, share.get().lastNanos);
            }
            threads.shutdown();
            double nanos = end - start;
            return new Saturation(lanes, callers, batch, ids * 1e3 / nanos, latencies, cpuNanos / nanos / callers);
        }
    }

    private static Share call(SnowflakeGenerator generator, int batch, long start, Duration duration) {
        Latencies latencies = new Latencies();
        long[] ids = new long[batch];
        long cpuBefore = THREADS.getCurrentThreadCpuTime();
        long issued = 0;
        long before = System.nanoTime();
        while (before - start < duration.toNanos()) {
            if (batch == 1) {
                ids[0] = generator.nextId();
            } else {
                generator.nextIds(ids);
            }
            issued += batch;
            long after = System.nanoTime();
            latencies.add(after - before);
            before = after;
        }
        return new Share(issued, latencies, THREADS.getCurrentThreadCpuTime() - cpuBefore, before);
    }

    double shareOfTheLayout() {
        return millionsPerSecond / (lanes * MILLIONS_PER_LANE);
    }
}
