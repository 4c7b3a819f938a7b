package io.snowline.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Batches of 1000 IDs into the caller's array. None of the rivals has batches: the two fastest are called in a loop.
 */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class BatchBenchmark {

    private static final int COUNT = 1_000;

    /** The caller's array. */
    @State(Scope.Thread)
    public static class Batch {
        final long[] ids = new long[COUNT];
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] limitGetAndAddAndFill(SingleBenchmark.Limits limits, Batch batch) {
        long first = limits.counter.getAndAdd(COUNT);
        for (int i = 0; i < COUNT; i++) {
            batch.ids[i] = first + i;
        }
        return batch.ids;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] snowline(SingleBenchmark.Snowline state, Batch batch) {
        state.generator.nextIds(batch.ids);
        return batch.ids;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] cosIdSegmentChain(SingleBenchmark.CosIdSegmentChainState state, Batch batch) {
        for (int i = 0; i < COUNT; i++) {
            batch.ids[i] = state.generator.generate();
        }
        return batch.ids;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] cosIdSnowflake(SingleBenchmark.CosIdSnowflakeState state, Batch batch) {
        for (int i = 0; i < COUNT; i++) {
            batch.ids[i] = state.generator.generate();
        }
        return batch.ids;
    }
}
