package io.snowline.jmh;

import cn.hutool.core.lang.Snowflake;
import com.github.f4b6a3.tsid.TsidFactory;
import com.github.yitter.idgen.DefaultIdGenerator;
import com.xfvape.uid.impl.DefaultUidGenerator;
import io.snowline.id.SnowflakeGenerator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import me.ahoo.cosid.segment.SegmentChainId;
import me.ahoo.cosid.snowflake.MillisecondSnowflakeId;
import org.apache.seata.common.util.IdWorker;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One ID per call, from one generator that all threads share. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SingleBenchmark {

    /** The limit of the machine. */
    @State(Scope.Benchmark)
    public static class Limits {
        final AtomicLong counter = new AtomicLong();
    }

    @State(Scope.Benchmark)
    public static class Snowline {
        final SnowflakeGenerator generator = Generators.wide();

        @TearDown
        public void close() {
            generator.close();
        }
    }

    @State(Scope.Benchmark)
    public static class TsidCreatorState {
        final TsidFactory generator = Rivals.tsid();
    }

    @State(Scope.Benchmark)
    public static class YitterState {
        final DefaultIdGenerator generator = Rivals.yitter();
    }

    @State(Scope.Benchmark)
    public static class CosIdSnowflakeState {
        final MillisecondSnowflakeId generator = Rivals.cosIdSnowflake();
    }

    @State(Scope.Benchmark)
    public static class CosIdSegmentChainState {
        final SegmentChainId generator = Rivals.cosIdSegmentChain();
    }

    @State(Scope.Benchmark)
    public static class HutoolState {
        final Snowflake generator = Rivals.hutool();
    }

    @State(Scope.Benchmark)
    public static class SeataState {
        final IdWorker generator = Rivals.seata();
    }

    @State(Scope.Benchmark)
    public static class UidGeneratorState {
        final DefaultUidGenerator generator = Rivals.uidGenerator();
    }

    @Benchmark
    public long limitAtomicLong(Limits limits) {
        return limits.counter.incrementAndGet();
    }

    @Benchmark
    public long snowline(Snowline state) {
        return state.generator.nextId();
    }

    @Benchmark
    public long tsidCreator(TsidCreatorState state) {
        return state.generator.create().toLong();
    }

    @Benchmark
    public long yitter(YitterState state) {
        return state.generator.newLong();
    }

    @Benchmark
    public long cosIdSnowflake(CosIdSnowflakeState state) {
        return state.generator.generate();
    }

    @Benchmark
    public long cosIdSegmentChain(CosIdSegmentChainState state) {
        return state.generator.generate();
    }

    @Benchmark
    public long hutool(HutoolState state) {
        return state.generator.nextId();
    }

    @Benchmark
    public long seata(SeataState state) {
        return state.generator.nextId();
    }

    @Benchmark
    public long uidGenerator(UidGeneratorState state) {
        return state.generator.getUID();
    }
}
