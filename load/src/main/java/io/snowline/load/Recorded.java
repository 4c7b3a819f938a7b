package io.snowline.load;

import static io.snowline.load.Rounds.tell;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.id.RecordedIdGenerator;
import io.snowline.load.Figures.Series;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.params.SetParams;

/**
 * Recorded mode on a Redis of its own, each ID stored separately, against the article's way: lock, SETNX and unlock as
 * separate round trips.
 */
final class Recorded {

    private static final String LOCK = "naive_lock";
    private static final String UNLOCK =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end return 0";
    private static final int SECONDS = 4; // every ID is a key, so longer rounds would fill the memory
    private static final long KEEP_SECONDS = Duration.ofHours(24).toSeconds();

    private final Subjects subjects;
    private final Rounds rounds;
    private final Figures figures;
    private final AtomicLong counter = new AtomicLong(1_000_000_000_000_000_000L);

    Recorded(Subjects subjects, Rounds rounds, Figures figures) {
        this.subjects = subjects;
        this.rounds = rounds;
        this.figures = figures;
    }

    void measure() throws Exception {
        int port = Server.freePort();
        Process redis = redis(port);
        String uri = "redis://127.0.0.1:" + port;
        try (RedisClient client = client(port)) {
            awaitReady(client, redis);
            String yaml =
                    "coordination: {type: redis, uri: '%s'}\ngenerators: {default: {mode: recorded, maxWait: 2s}}\n"
                            .formatted(uri);
            try (Server ours = subjects.ours("recorded", yaml, "/v1/default/id")) {
                compare(ours, uri, client);
            }
        } finally {
            Server.end(redis);
        }
    }

    private static RedisClient client(int port) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setMaxTotal(64); // a connection for each caller
        pool.setMaxIdle(64);
        return RedisClient.builder()
                .hostAndPort("127.0.0.1", port)
                .poolConfig(pool)
                .build();
    }

    /** Starts a Redis that keeps everything in memory. */
    private Process redis(int port) throws IOException {
        Path directory = subjects.directory();
        ProcessBuilder builder = new ProcessBuilder(List.of(
                "redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        builder.directory(directory.toFile());
        return Server.spawn(builder, directory.resolve("redis.log"));
    }

    private static void awaitReady(RedisClient client, Process redis) throws InterruptedException {
        for (int attempt = 0; attempt < 500; attempt++) {
            try {
                client.ping();
                return;
            } catch (RuntimeException e) {
                if (!redis.isAlive()) {
                    throw new IllegalStateException("redis-server ended", e);
                }
                Thread.sleep(10);
            }
        }
        throw new IllegalStateException("redis-server did not answer");
    }

    private void compare(Server ours, String uri, RedisClient client) throws Exception {
        Series[] article = {new Series(), new Series()};
        Series[] ids = {new Series(), new Series(), new Series(), new Series()};
        String one = "/v1/default/id";
        String batch = "/v1/default/ids?count=100";
        try (NodeCoordinator coordinator = coordinator(uri);
                RecordedIdGenerator generator = RecordedIdGenerator.builder(coordinator, "in-process")
                        .maxWait(Duration.ofSeconds(2))
                        .start()) {
            tell("warming up");
            Wrk.run(ours, one, 16, rounds.warmUp());
            Wrk.run(ours, batch, 16, rounds.warmUp());
            perSecond(16, rounds.warmUp(), generator::nextId);
            perSecond(16, rounds.warmUp(), () -> article(client));
            for (int round = 0; round < rounds.count(); round++) {
                note("the article's way, 1 caller", article[0], perSecond(1, SECONDS, () -> article(client)));
                note("the article's way, 16 callers", article[1], perSecond(16, SECONDS, () -> article(client)));
                note("16 callers in process", ids[0], perSecond(16, SECONDS, generator::nextId));
                note("16 callers", ids[1], Wrk.run(ours, one, 16, SECONDS).perSecond());
                note(
                        "1 caller, 100 each",
                        ids[2],
                        100 * Wrk.run(ours, batch, 1, SECONDS).perSecond());
                note(
                        "16 callers, 100 each",
                        ids[3],
                        100 * Wrk.run(ours, batch, 16, SECONDS).perSecond());
            }
        }
        figures.atLeast("recorded, in process, 16 callers, one each: IDs/s", ids[0], article[1], 30);
        figures.atLeast("recorded, HTTP, 16 callers, one each: IDs/s", ids[1], article[1], 10);
        figures.atLeast("recorded, HTTP, 1 caller, 100 each: IDs/s", ids[2], article[0], 20);
        figures.atLeast("recorded, HTTP, 16 callers, 100 each: IDs/s", ids[3], article[1], 100);
    }

    private static NodeCoordinator coordinator(String uri) {
        RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
        factory.setUri(uri);
        return factory.open();
    }

    private static void note(String what, Series series, double idsPerSecond) {
        series.add(idsPerSecond);
        tell("  %s: %,.0f IDs/s", what, idsPerSecond);
    }

    /** Issues an ID as the article does, spinning for the lock. */
    private long article(RedisClient client) {
        String token = Long.toString(ThreadLocalRandom.current().nextLong());
        while (client.set(LOCK, token, SetParams.setParams().nx().px(10_000)) == null) {
            Thread.onSpinWait();
        }
        long id = counter.incrementAndGet();
        if (client.set("naive:" + id, "1", SetParams.setParams().nx().ex(KEEP_SECONDS)) == null) {
            throw new IllegalStateException("the store had ID " + id + " already");
        }
        client.eval(UNLOCK, List.of(LOCK), List.of(token));
        return id;
    }

    /** Returns the answers per second that some callers get, each asking again when it has one. */
    private static double perSecond(int callers, int seconds, LongSupplier source) throws Exception {
        LongAdder answers = new LongAdder();
        long begun = System.nanoTime();
        long end = begun + seconds * 1_000_000_000L;
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                all.add(threads.submit(() -> {
                    while (System.nanoTime() - end < 0) {
                        var unused = source.getAsLong();
                        answers.increment();
                    }
                }));
            }
            for (Future<?> caller : all) {
                caller.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return answers.sum() * 1e9 / (System.nanoTime() - begun);
    }
}
