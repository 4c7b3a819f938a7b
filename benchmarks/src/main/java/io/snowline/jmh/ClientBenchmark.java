package io.snowline.jmh;

import io.snowline.client.SnowlineClient;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** IDs from a server on the loopback interface: by the client, by TinyID's way, and with a request for each. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ClientBenchmark {

    private static final int COUNT = 1_000;

    /** A client, with the largest ranges, since JMH asks for more IDs than any layout gives. */
    @State(Scope.Benchmark)
    public static class Client {
        final RangeServer server = new RangeServer();
        final SnowlineClient ids = SnowlineClient.builder("jmh")
                .servers(server.uri())
                .maxRange(1 << 20)
                .start();

        @TearDown
        public void close() {
            ids.close();
            server.close();
        }
    }

    @State(Scope.Benchmark)
    public static class Segments {
        final RangeServer server = new RangeServer();
        final SegmentId ids = new SegmentId(server.uri());

        @TearDown
        public void close() {
            server.close();
        }
    }

    /** One request for each ID, over one client of the JDK. */
    @State(Scope.Benchmark)
    public static class Requests {
        final RangeServer server = new RangeServer();
        final HttpClient http = HttpClient.newHttpClient();
        final HttpRequest request =
                HttpRequest.newBuilder(server.uri().resolve("/v1/jmh/id")).build();

        @TearDown
        public void close() {
            server.close();
        }
    }

    @Benchmark
    public long limitAtomicLong(SingleBenchmark.Limits limits) {
        return limits.counter.incrementAndGet();
    }

    @Benchmark
    public long client(Client state) {
        return state.ids.nextId();
    }

    @Benchmark
    public long tinyIdSegments(Segments state) {
        return state.ids.nextId();
    }

    @Benchmark
    public String requestPerId(Requests state) {
        return SegmentId.get(state.http, state.request);
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] limitGetAndAddAndFill(SingleBenchmark.Limits limits, BatchBenchmark.Batch batch) {
        long first = limits.counter.getAndAdd(COUNT);
        for (int i = 0; i < COUNT; i++) {
            batch.ids[i] = first + i;
        }
        return batch.ids;
    }

    @Benchmark
    @OperationsPerInvocation(COUNT)
    public long[] clientBatch(Client state, BatchBenchmark.Batch batch) {
        state.ids.nextIds(batch.ids);
        return batch.ids;
    }
}
