package io.snowline.load;

import static io.snowline.load.Rounds.tell;

import io.snowline.load.Figures.Series;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Recorded mode with one server, with two that have a node id each, and with two that share one: 16 connections to
 * each, one ID per request. Then the same while another program keeps the processors busy, which must not make them
 * refuse anything.
 */
final class RecordedServers {

    private static final int CONNECTIONS = 16;
    private static final String OWN = "/v1/default/id";
    private static final String SHARED = "/v1/default/id?node=7";

    private final Subjects subjects;
    private final Rounds rounds;
    private final Figures figures;

    RecordedServers(Subjects subjects, Rounds rounds, Figures figures) {
        this.subjects = subjects;
        this.rounds = rounds;
        this.figures = figures;
    }

    void measure() throws Exception {
        measure("redis", 0.5);
        measure("zookeeper", 0.3);
        measure("etcd", 0.3);
    }

    private void measure(String type, double goalOfSharing) throws Exception {
        int port = Server.freePort();
        Process backend = start(type, port);
        try {
            String address =
                    switch (type) {
                        case "redis" -> "uri: 'redis://127.0.0.1:%d'";
                        case "zookeeper" -> "connectString: '127.0.0.1:%d'";
                        default -> "endpoints: ['http://127.0.0.1:%d']";
                    };
            String yaml = "coordination: {type: %s, %s}\ngenerators: {default: {mode: recorded}}\n"
                    .formatted(type, address.formatted(port));
            try (Server one = subjects.ours(type + "-one", yaml, OWN);
                    Server two = subjects.ours(type + "-two", yaml, OWN)) {
                compare(type, List.of(one), List.of(one, two), goalOfSharing);
            }
        } finally {
            Server.end(backend);
        }
    }

    /** Starts a backend that keeps its data in a directory of its own. */
    private Process start(String type, int port) throws Exception {
        Path directory = Files.createDirectory(subjects.directory().resolve(type));
        List<String> command =
                switch (type) {
                    case "redis" -> List.of("redis-server", "--port", "" + port, "--bind", "127.0.0.1", "--save", "");
                    case "zookeeper" -> subjects.zooKeeper(port, directory.resolve("data"));
                    default ->
                        List.of(
                                "etcd",
                                "--data-dir",
                                directory.resolve("data").toString(),
                                "--listen-client-urls",
                                "http://127.0.0.1:" + port,
                                "--advertise-client-urls",
                                "http://127.0.0.1:" + port,
                                "--listen-peer-urls",
                                "http://127.0.0.1:" + Server.freePort());
                };
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        Process backend = Server.spawn(builder, directory.resolve("log"));
        for (int attempt = 0; !listens(port); attempt++) {
            if (attempt == 1_000 || !backend.isAlive()) {
                throw new IllegalStateException(command + " did not start, see " + directory);
            }
            Thread.sleep(20);
        }
        return backend;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    private void compare(String type, List<Server> one, List<Server> two, double goalOfSharing) throws Exception {
        tell("warming up recorded mode on %s", type);
        load(two, OWN, rounds.warmUp());
        load(two, SHARED, rounds.warmUp());
        load(one, OWN, rounds.warmUp());
        Series alone = new Series();
        Series apart = new Series();
        Series sharing = new Series();
        long refused = 0;
        for (int round = 0; round < rounds.count(); round++) {
            refused += note(type + ", one server", alone, load(one, OWN, rounds.seconds()));
            refused += note(type + ", two, a node id each", apart, load(two, OWN, rounds.seconds()));
            refused += note(type + ", two on one node id", sharing, load(two, SHARED, rounds.seconds()));
        }
        String what = "recorded, " + type + ", two servers next to one: ";
        figures.atLeast(what + "apart", apart, alone, 0.8);
        figures.atLeast(what + "sharing", sharing, alone, goalOfSharing);
        figures.none("recorded, " + type + ", refused", refused);
        figures.none("recorded, " + type + ", refused with busy processors", refusedWithBusyProcessors(type, two));
    }

    private long refusedWithBusyProcessors(String type, List<Server> two) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> busy = new ArrayList<>();
        for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
            Thread thread = new Thread(() -> {
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            });
            thread.start();
            busy.add(thread);
        }
        try {
            long refused = 0;
            for (int round = 0; round < rounds.count(); round++) {
                Series unused = new Series();
                refused += note(type + ", two, busy, apart", unused, load(two, OWN, rounds.seconds()));
                refused += note(type + ", two, busy, sharing", unused, load(two, SHARED, rounds.seconds()));
            }
            return refused;
        } finally {
            over.set(true);
            for (Thread thread : busy) {
                thread.join();
            }
        }
    }

    /** Loads servers at the same time. */
    private static List<Wrk> load(List<Server> servers, String path, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(servers.size());
        try {
            List<Future<Wrk>> runs = new ArrayList<>();
            for (Server server : servers) {
                runs.add(threads.submit(() -> Wrk.runAndCountRefusals(server, path, CONNECTIONS, seconds)));
            }
            List<Wrk> all = new ArrayList<>();
            for (Future<Wrk> run : runs) {
                all.add(run.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Notes what servers issued together; returns how many requests they refused. */
    private static long note(String what, Series series, List<Wrk> runs) {
        double perSecond = runs.stream().mapToDouble(Wrk::perSecond).sum();
        long refused = runs.stream().mapToLong(Wrk::refused).sum();
        series.add(perSecond);
        tell("  %s: %,.0f IDs/s, %d refused", what, perSecond, refused);
        return refused;
    }
}
