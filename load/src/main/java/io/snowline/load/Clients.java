package io.snowline.load;

import static io.snowline.load.Rounds.tell;

import io.snowline.client.SnowlineClient;
import io.snowline.load.Figures.Series;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The Java client on servers of their own processes: how long a call takes at a million IDs a second, what that and many
 * clients cost the server, and how TinyID's way compares.
 */
final class Clients {

    private static final String RANGE = "/v1/default/range?count=200";
    private static final int CLIENTS = 2_000;
    private static final int RANGES_A_SECOND = 5;
    private static final int IDLE = 1_000;
    private static final int MILLION = 1_000_000;

    private final Subjects subjects;
    private final Rounds rounds;
    private final Figures figures;

    Clients(Subjects subjects, Rounds rounds, Figures figures) {
        this.subjects = subjects;
        this.rounds = rounds;
        this.figures = figures;
    }

    void measure() throws IOException, InterruptedException {
        try (Server ours = subjects.ours("client", 1)) {
            Load.awaitPresent(ours);
            millionASecond(ours);
            ranges(ours);
            idle(ours);
        }
        speeds();
    }

    // ---- a million IDs a second ----

    private void millionASecond(Server ours) throws InterruptedException {
        tell("a client that takes a million IDs a second from one lane");
        try (SnowlineClient ids = client(ours)) {
            var unused = paced(ids, rounds.warmUp());
            double before = ours.cpuSeconds();
            int seconds = 6 * rounds.seconds();
            Durations took = paced(ids, seconds);
            Series cores = new Series();
            cores.add((ours.cpuSeconds() - before) / seconds);
            Series high = new Series();
            high.add(took.quantileMicros(0.999));
            tell(
                    "  p50 %.2f us, p99.9 %.2f us, longest %.0f us",
                    took.quantileMicros(0.5), high.median(), took.longestMicros());
            figures.limit("client at 1 M IDs/s, one lane: p99.9 of nextId in us", high, 5);
            figures.limit("client at 1 M IDs/s: cores used by the server", cores, 0.02);
        }
    }

    /** Takes an ID every microsecond; a call's time counts from when it began. */
    private static Durations paced(SnowlineClient ids, int seconds) {
        Durations took = new Durations();
        long start = System.nanoTime();
        for (long i = 0; i < (long) seconds * MILLION; i++) {
            long began = System.nanoTime();
            while (began - start < 1_000 * i) {
                Thread.onSpinWait();
                began = System.nanoTime();
            }
            if (ids.nextId() < 0) {
                throw new IllegalStateException("an ID must not be negative");
            }
            took.add(System.nanoTime() - began);
        }
        return took;
    }

    // ---- many clients ----

    private void ranges(Server ours) throws IOException {
        int perSecond = CLIENTS * RANGES_A_SECOND;
        tell("%d connections, %d ranges a second", CLIENTS, perSecond);
        Series high = new Series();
        Series cores = new Series();
        try (FixedRate load = new FixedRate(ours.port(), RANGE, CLIENTS)) {
            var unused = load.run(perSecond, rounds.seconds());
            for (int round = 0; round < rounds.count(); round++) {
                double before = ours.cpuSeconds();
                long[] latencies = load.run(perSecond, rounds.seconds());
                cores.add((ours.cpuSeconds() - before) / rounds.seconds());
                high.add(latencies[latencies.length - latencies.length / 100 - 1] / 1e6);
                tell("  p99 %.2f ms", high.median());
            }
        }
        figures.limit("2,000 clients at 5 ranges/s: p99 of a range in ms", high, 5);
        figures.limit("2,000 clients at 5 ranges/s: cores used by the server", cores, 0.5);
    }

    private void idle(Server ours) throws InterruptedException {
        tell("%d clients that are idle", IDLE);
        List<SnowlineClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < IDLE; i++) {
                clients.add(client(ours));
                var unused = clients.get(i).nextId();
            }
            Thread.sleep(Duration.ofSeconds(2).toMillis());
            long before = requests(clients);
            double cpuBefore = ours.cpuSeconds();
            Thread.sleep(Duration.ofSeconds(rounds.seconds()).toMillis());
            Series cores = new Series();
            cores.add((ours.cpuSeconds() - cpuBefore) / rounds.seconds());
            figures.none("1,000 idle clients: requests", requests(clients) - before);
            figures.limit("1,000 idle clients: cores used by the server", cores, 0.02);
        } finally {
            clients.forEach(SnowlineClient::close);
        }
    }

    private static long requests(List<SnowlineClient> clients) {
        return clients.stream().mapToLong(client -> client.status().requests()).sum();
    }

    // ---- next to others ----

    /** At full speed, one thread, with a layout that is not the limit; and the same server, asked for each ID. */
    private void speeds() throws IOException, InterruptedException {
        String yaml =
                """
                coordination: {type: local, directory: '%s'}
                generators: {default: {maxRange: 1048576, layout: {timestampBits: 36, nodeBits: 1, sequenceBits: 26}}}
                """
                        .formatted(subjects.directory().resolve("wide-data"));
        Series[] rates = {new Series(), new Series(), new Series()};
        try (Server ours = subjects.ours("wide", yaml, "/v1/default/id");
                Server bare = subjects.bare();
                SnowlineClient ids = SnowlineClient.builder("default")
                        .servers(URI.create(ours.url("")))
                        .maxRange(1 << 20)
                        .start()) {
            Segments segments = new Segments(URI.create(bare.url("/id")));
            Segments single = new Segments(URI.create(ours.url("/v1/default/id")));
            for (int round = 0; round <= rounds.count(); round++) {
                double client = perSecond(1_000, ids::nextId);
                double tiny = perSecond(1_000, segments::nextId);
                double each = perSecond(1, single::fetch);
                if (round > 0) { // the first one is for the compiler
                    rates[0].add(client);
                    rates[1].add(tiny);
                    rates[2].add(each);
                }
                tell(
                        "  client %.1f M/s, TinyID's way %.1f M/s, a request for each %.0f/s",
                        client / 1e6, tiny / 1e6, each);
            }
        }
        figures.atLeast("client and TinyID's way, one thread: IDs/s", rates[0], rates[1], 1);
        figures.atLeast("client and a request for each ID: IDs/s", rates[0], rates[2], 10_000);
    }

    private double perSecond(int together, LongSupplier next) {
        long sum = 0;
        long count = 0;
        long start = System.nanoTime();
        long end = start + Duration.ofSeconds(rounds.seconds()).toNanos();
        while (System.nanoTime() - end < 0) {
            for (int i = 0; i < together; i++) {
                sum += next.getAsLong();
            }
            count += together;
        }
        if (sum == 0) { // which also keeps the compiler from leaving the calls out
            throw new IllegalStateException("the IDs must not all be 0");
        }
        return count * 1e9 / (System.nanoTime() - start);
    }

    private static SnowlineClient client(Server server) {
        return SnowlineClient.builder("default")
                .servers(URI.create(server.url("")))
                .maxWait(Duration.ofSeconds(10))
                .start();
    }
}
