package io.snowline.load;

import static io.snowline.load.Rounds.tell;

import io.snowline.id.IdLayout;
import io.snowline.load.Figures.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Measures the service against a bare Dropwizard, in alternating rounds, and prints the table of ratios. Started by
 * {@code load/run}, which explains the arguments.
 */
public final class Load {

    private static final List<String> ALL =
            List.of("single", "rate", "batches", "lane", "client", "start", "recorded", "servers");
    private static final String OCTETS = "Accept: application/octet-stream";
    private static final String OUR_ID = "/v1/default/id";
    private static final String THEIR_ID = "/id";
    private static final int OFFERED = 10_000;

    /**
     * The connections of a warm-up. With many, the answering threads leave the compiler so little of two processors
     * that a bare Dropwizard is still at a tenth of its speed after half a minute.
     */
    private static final int FEW = 2;

    private static final int LANES = 32; // 131 million IDs/s, more than any connection carries

    private final Subjects subjects;
    private final Rounds rounds;
    private final Figures figures = new Figures();

    private Load(Subjects subjects, Rounds rounds) {
        this.subjects = subjects;
        this.rounds = rounds;
    }

    /** Measures what the arguments name, or everything; {@code --short} for a first look, {@code --profile} for a profile. */
    public static void main(String... arguments) throws Exception {
        List<String> parts = new ArrayList<>(List.of(arguments));
        Rounds rounds = parts.remove("--short") ? Rounds.SHORT : Rounds.FULL;
        boolean profiled = parts.remove("--profile");
        if (!ALL.containsAll(parts)) {
            throw new IllegalArgumentException("arguments must be of " + ALL + ", --short and --profile, got " + parts);
        }
        Path directory = Files.createTempDirectory("snowline-load");
        Load load = new Load(new Subjects(directory, profiled), rounds);
        load.measure(parts.isEmpty() ? Set.copyOf(ALL) : Set.copyOf(parts));
        load.figures.print();
    }

    private void measure(Set<String> parts) throws Exception {
        tell("JDK %s, %s processors", Runtime.version(), Runtime.getRuntime().availableProcessors());
        if (parts.contains("start")) {
            starts();
        }
        if (parts.contains("single") || parts.contains("rate")) {
            oneByOne(parts);
        }
        if (parts.contains("batches")) {
            batches();
        }
        if (parts.contains("lane")) {
            lane();
        }
        if (parts.contains("client")) {
            new Clients(subjects, rounds, figures).measure();
        }
        if (parts.contains("recorded")) {
            new Recorded(subjects, rounds, figures).measure();
        }
        if (parts.contains("servers")) {
            new RecordedServers(subjects, rounds, figures).measure();
        }
    }

    // ---- one ID at a time ----

    private void oneByOne(Set<String> parts) throws IOException, InterruptedException {
        try (Server ours = subjects.ours("single", 1);
                Server bare = subjects.bare()) {
            warmUp(ours, OUR_ID, 64);
            warmUp(bare, THEIR_ID, 64);
            if (parts.contains("single")) {
                single(ours, bare);
            }
            if (parts.contains("rate")) {
                fixedRate(ours, bare);
            }
        }
    }

    private void single(Server ours, Server bare) throws IOException, InterruptedException {
        Series[] rates = {new Series(), new Series()};
        Series[] cpu = {new Series(), new Series()};
        for (int round = 0; round < rounds.count(); round++) {
            note(Wrk.run(ours, OUR_ID, 64, rounds.seconds()), rates[0], cpu[0]);
            note(Wrk.run(bare, THEIR_ID, 64, rounds.seconds()), rates[1], cpu[1]);
        }
        figures.atLeast("single ID, 64 connections: requests/s", rates[0], rates[1], 2);
        figures.atMost("single ID, 64 connections: server CPU us/request", cpu[0], cpu[1], 0.35);
    }

    private static void note(Wrk wrk, Series rate, Series cpu) {
        rate.add(wrk.perSecond());
        cpu.add(wrk.cpuMicros());
        tell("  %,.0f requests/s, %.1f us of CPU each", wrk.perSecond(), wrk.cpuMicros());
    }

    private void warmUp(Server server, String path, int connections, String... headers)
            throws IOException, InterruptedException {
        tell("warming up %s", server.url(path));
        Wrk.run(server, path, FEW, rounds.warmUp(), headers);
        Wrk.run(server, path, connections, rounds.seconds(), headers);
    }

    private void fixedRate(Server ours, Server bare) throws IOException {
        latencies(ours, OUR_ID, rounds.seconds());
        latencies(bare, THEIR_ID, rounds.seconds());
        Series[] p99 = {new Series(), new Series()};
        Series[] p50 = {new Series(), new Series()};
        for (int round = 0; round < rounds.count(); round++) {
            note(latencies(ours, OUR_ID, rounds.seconds()), p50[0], p99[0]);
            note(latencies(bare, THEIR_ID, rounds.seconds()), p50[1], p99[1]);
        }
        figures.atMost("single ID at 10,000/s: p99 in us", p99[0], p99[1], 0.5);
        figures.atMost("single ID at 10,000/s: p50 in us", p50[0], p50[1], 1);
    }

    private static long[] latencies(Server server, String path, int seconds) throws IOException {
        try (FixedRate load = new FixedRate(server.port(), path, 64)) {
            return load.run(OFFERED, seconds);
        }
    }

    private static void note(long[] latencies, Series p50, Series p99) {
        double middle = latencies[latencies.length / 2] / 1e3;
        double high = latencies[latencies.length - latencies.length / 100 - 1] / 1e3;
        p50.add(middle);
        p99.add(high);
        tell("  p50 %.0f us, p99 %.0f us", middle, high);
    }

    // ---- batches ----

    private void batches() throws IOException, InterruptedException {
        try (Server ours = subjects.ours("batches", LANES);
                Server bare = subjects.bare()) {
            batches(ours, bare);
        }
    }

    private void batches(Server ours, Server bare) throws IOException, InterruptedException {
        String path = "/v1/default/ids?count=1000";
        String theirs = "/ids?count=1000";
        String text = "Accept: text/plain";
        warmUp(ours, path, 16, OCTETS);
        warmUp(ours, path, 16);
        warmUp(ours, path, 16, text);
        warmUp(bare, theirs, 16);
        Series[] series = {new Series(), new Series(), new Series(), new Series()};
        for (int round = 0; round < rounds.count(); round++) {
            thousands(Wrk.run(ours, path, 16, rounds.seconds(), OCTETS), series[0]);
            thousands(Wrk.run(ours, path, 16, rounds.seconds()), series[1]);
            thousands(Wrk.run(ours, path, 16, rounds.seconds(), text), series[2]);
            thousands(Wrk.run(bare, theirs, 16, rounds.seconds()), series[3]);
        }
        figures.atLeast("batches of 1000 as octets: IDs/s", series[0], series[3], 4.5);
        figures.atLeast("batches of 1000 as JSON: IDs/s", series[1], series[3], 2.5);
        figures.atLeast("batches of 1000 as text: IDs/s", series[2], series[3], 2.5);
    }

    private static void thousands(Wrk wrk, Series idsPerSecond) {
        idsPerSecond.add(1000 * wrk.perSecond());
        tell("  %,.0f IDs/s, %.1f us of CPU for 1000", 1000 * wrk.perSecond(), wrk.cpuMicros());
    }

    /**
     * Waits until the IDs of a new namespace, the first of which are stamped ahead of time, have reached the present.
     */
    static void awaitPresent(Server server) throws IOException, InterruptedException {
        tell("waiting until the new namespace's lead is gone");
        IdLayout layout = IdLayout.classic(IdLayout.DEFAULT_EPOCH);
        while (layout.decode(Long.parseLong(server.get(OUR_ID).replaceAll("[^0-9]", "")))
                .timestamp()
                .isAfter(Instant.now())) {
            Thread.sleep(500);
        }
    }

    private void lane() throws IOException, InterruptedException {
        try (Server ours = subjects.ours("lane", 1)) {
            String path = "/v1/default/ids?count=1000";
            awaitPresent(ours);
            warmUp(ours, path, 16, OCTETS);
            Series rate = new Series();
            Series cores = new Series();
            Series limit = new Series();
            limit.add(4_096_000);
            for (int round = 0; round < rounds.count(); round++) {
                Wrk wrk = Wrk.run(ours, path, 16, rounds.seconds(), OCTETS);
                thousands(wrk, rate);
                cores.add(wrk.cores());
            }
            figures.atLeast("one lane of 12 bits: IDs/s, of what it can give", rate, limit, 0.99);
            figures.limit("one lane of 12 bits: cores used by the server", cores, 0.2);
        }
    }

    // ---- start ----

    private void starts() throws IOException, InterruptedException {
        Series[] seconds = {new Series(), new Series()};
        Series[] memory = {new Series(), new Series()};
        Series[] first = {new Series(), new Series()};
        subjects.ours("start", 1).close(); // the very first start builds the class archive
        for (int round = 0; round < rounds.count(); round++) {
            try (Server ours = subjects.ours("start", 1)) {
                start(ours, OUR_ID, seconds[0], memory[0], first[0]);
            }
            try (Server bare = subjects.bare()) {
                start(bare, THEIR_ID, seconds[1], memory[1], first[1]);
            }
        }
        figures.atMost("start to the first ID: seconds", seconds[0], seconds[1], 0.8);
        figures.atMost("resident memory after the first ID: MiB", memory[0], memory[1], 0.8);
        figures.atLeast("requests/s in the first 5 s", first[0], first[1], 2);
    }

    private static void start(Server server, String path, Series seconds, Series memory, Series first)
            throws IOException, InterruptedException {
        seconds.add(server.start().toMillis() / 1e3);
        memory.add(server.residentMebibytes());
        Wrk wrk = Wrk.run(server, path, 64, 5);
        first.add(wrk.perSecond());
        tell(
                "  started in %d ms with %.0f MiB, then %,.0f requests/s",
                server.start().toMillis(), server.residentMebibytes(), wrk.perSecond());
    }
}
