package io.snowline.jmh;

import cn.hutool.core.lang.Snowflake;
import com.github.f4b6a3.tsid.TsidFactory;
import com.github.yitter.contract.IdGeneratorException;
import com.github.yitter.contract.IdGeneratorOptions;
import com.github.yitter.idgen.DefaultIdGenerator;
import com.xfvape.uid.impl.DefaultUidGenerator;
import java.util.concurrent.atomic.AtomicLong;
import me.ahoo.cosid.segment.IdSegmentDistributor;
import me.ahoo.cosid.segment.SegmentChainId;
import me.ahoo.cosid.snowflake.MillisecondSnowflakeId;
import org.apache.seata.common.util.IdWorker;

/** The other libraries' generators, each with the widest layout that it permits, so that the layout is not the limit. */
final class Rivals {

    private static final long EPOCH_MILLIS = 1_735_689_600_000L;
    private static final long SEGMENT = 1_000;

    private Rivals() {}

    static TsidFactory tsid() {
        return TsidFactory.builder().withNodeBits(1).withNode(0).build();
    }

    static DefaultIdGenerator yitter() {
        IdGeneratorOptions options = new IdGeneratorOptions((short) 1);
        options.WorkerIdBitLength = 6;
        options.SeqBitLength = 14; // more would overflow its counter, a short
        try {
            return new DefaultIdGenerator(options);
        } catch (IdGeneratorException e) {
            throw new IllegalStateException("yitter's options are within its bounds", e);
        }
    }

    static MillisecondSnowflakeId cosIdSnowflake() {
        return new MillisecondSnowflakeId(EPOCH_MILLIS, 40, 1, 22, 0);
    }

    static SegmentChainId cosIdSegmentChain() {
        return new SegmentChainId(new InMemoryDistributor());
    }

    static Snowflake hutool() {
        return new Snowflake(1, 1);
    }

    static IdWorker seata() {
        return new IdWorker(1L);
    }

    static DefaultUidGenerator uidGenerator() {
        DefaultUidGenerator generator = new DefaultUidGenerator();
        generator.setTimeBits(31);
        generator.setWorkerBits(4);
        generator.setSeqBits(28);
        generator.setEpochStr("2026-01-01");
        generator.setWorkerIdAssigner(() -> 1L);
        try {
            generator.afterPropertiesSet();
        } catch (Exception e) {
            throw new IllegalStateException("uid-generator did not start", e);
        }
        return generator;
    }

    /** Segments from memory: with the usual database, the benchmark would measure that. */
    private static final class InMemoryDistributor implements IdSegmentDistributor {

        private final AtomicLong last = new AtomicLong();

        @Override
        public String getNamespace() {
            return "jmh";
        }

        @Override
        public String getName() {
            return "jmh";
        }

        @Override
        public long getStep() {
            return SEGMENT;
        }

        @Override
        public long nextMaxId(long step) {
            return last.addAndGet(step);
        }
    }
}
