package io.snowline.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a server in a small container does when it is asked for too much: each case has a server of its own in a memory
 * cgroup, clients that overload it, and others that look at it meanwhile. {@code load/bounds} runs it.
 */
public final class Bounds {

    private static final String LINE = "| %-44s | %-6s | %-6s | %-7s | %-14s | %-14s | %-11s | %-5s |%n";
    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Path root = Path.of(System.getProperty("snowline.root"));
    private final String mebibytes;
    private final List<String> options;
    private final Path directory = Files.createTempDirectory("snowline-bounds");
    private int cases;

    private Bounds(String mebibytes, List<String> options) throws IOException {
        this.mebibytes = mebibytes;
        this.options = options;
    }

    /** Measures all cases: {@code Bounds [MiB] [option of the JVM…]}. */
    public static void main(String... arguments) throws Exception {
        List<String> all = List.of(arguments);
        String mebibytes = all.isEmpty() ? "128" : all.get(0);
        new Bounds(mebibytes, all.subList(Math.min(1, all.size()), all.size())).measure();
    }

    private void measure() throws Exception {
        System.out.printf("Memory: %s MiB, swap off. Java %s %s%n%n", mebibytes, Runtime.version(), options);
        System.out.printf(LINE, "case", "200", "503", "closed", "/id ms, p99", "/id ms, worst", "memory, MiB", "alive");
        System.out.printf(LINE, "---", "---", "---", "---", "---", "---", "---", "---");
        measure("1,500 connections, each the largest batch", 20_000, 1_500, "/v1/default/ids?count=10000");
        measure("the same, three times", 20_000, 4_500, "/v1/default/ids?count=10000");
        measure("5,000 idle connections", 20_000, 5_000, "");
        measure("256 file descriptors, 300 idle connections", 256, 300, "");
    }

    /** What became of the clients of a case. */
    private record Outcome(AtomicInteger ok, AtomicInteger refused, AtomicInteger closed) {
        Outcome() {
            this(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
        }
    }

    private void measure(String name, int files, int clients, String path) throws Exception {
        Cgroup cgroup = new Cgroup("snowline-bounds-" + ProcessHandle.current().pid() + "-" + cases++, mebibytes);
        Outcome outcome = new Outcome();
        Probe probe;
        boolean alive;
        int port = Server.freePort();
        try (Server server = start(cgroup, files, port)) {
            probe = new Probe(port);
            probe.start();
            if (path.isEmpty()) {
                rest(clients, port, outcome);
            } else {
                ask(clients, port, path, outcome);
            }
            probe.end();
            alive = server.get("/v1/default/id").startsWith("{\"id\":");
        } catch (IOException e) {
            System.out.printf("| %-44s | %s%n", name, e);
            return;
        } finally {
            cgroup.note();
            cgroup.remove();
        }
        System.out.printf(
                LINE,
                name,
                outcome.ok,
                outcome.refused,
                outcome.closed,
                millis(probe.percentile(0.99)),
                millis(probe.percentile(1)) + (probe.failures() > 0 ? ", " + probe.failures() + " failed" : ""),
                cgroup.peak(),
                alive ? "yes" : "no");
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }

    private Server start(Cgroup cgroup, int files, int port) throws IOException, InterruptedException {
        Path yaml = Files.writeString(
                directory.resolve("config.yml"),
                """
                coordination: {type: local, directory: '%s'}
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %s}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: 0}]
                """
                        .formatted(directory.resolve("data" + cases), Integer.toString(port)));
        List<String> java = new ArrayList<>(Server.java());
        java.addAll(options);
        java.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-jar",
                root.resolve("id-server/target/id-server.jar").toString(),
                "server"));
        java.add(yaml.toString());
        String inside =
                "echo $$ > '%s' && ulimit -n %s && exec \"$@\"".formatted(cgroup.processes(), Integer.toString(files));
        List<String> command = new ArrayList<>(List.of("bash", "-c", inside, "bash"));
        command.addAll(java);
        return Server.start(command, Map.of(), port, "/v1/default/id", directory.resolve("log.txt"));
    }

    /** Connects from another address than the one that looks at the server meanwhile. */
    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName("127.0.0.2"), 0);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    private static void rest(int clients, int port, Outcome outcome) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            sockets.add(connect(port));
        }
        TimeUnit.NANOSECONDS.sleep(WATCHED.toNanos());
        for (Socket socket : sockets) {
            socket.setSoTimeout(1);
            outcome.closed.addAndGet(ended(socket) ? 1 : 0);
            socket.close();
        }
    }

    private static boolean ended(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Connects all, then sends all requests, then reads all answers, twenty at a time. */
    private static void ask(int clients, int port, String path, Outcome outcome) throws Exception {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            sockets.add(connect(port));
        }
        for (Socket socket : sockets) {
            write(socket, request);
        }
        ExecutorService readers = Executors.newFixedThreadPool(20);
        for (Socket socket : sockets) {
            readers.execute(() -> count(socket, outcome));
        }
        readers.shutdown();
        if (!readers.awaitTermination(5, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the answers must come within 5 minutes");
        }
    }

    private static void write(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
        } catch (IOException e) {
            return; // closed by the server, which reading will tell
        }
    }

    private static void count(Socket socket, Outcome outcome) {
        try (socket) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            (answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("]}")
                            ? outcome.ok
                            : answer.startsWith("HTTP/1.1 503 ") ? outcome.refused : outcome.closed)
                    .incrementAndGet();
        } catch (IOException e) {
            outcome.closed.incrementAndGet();
        }
    }

    /** Another client, which asks for one ID fifty times a second, on a new connection each time. */
    private static final class Probe extends Thread {

        private final int port;
        private final List<Long> nanos = new ArrayList<>();
        private final AtomicLong failures = new AtomicLong();
        private volatile boolean ended;

        Probe(int port) {
            this.port = port;
        }

        @Override
        public void run() {
            while (!ended) {
                long begun = System.nanoTime();
                try (Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName("127.0.0.9"), 0)) {
                    socket.setSoTimeout(TIMEOUT_MILLIS);
                    socket.getOutputStream()
                            .write("GET /v1/default/id HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                    InputStream in = socket.getInputStream();
                    boolean ok = new String(in.readAllBytes(), StandardCharsets.US_ASCII).startsWith("HTTP/1.1 200 ");
                    failures.addAndGet(ok ? 0 : 1);
                    nanos.add(System.nanoTime() - begun);
                    TimeUnit.MILLISECONDS.sleep(20);
                } catch (IOException e) {
                    failures.incrementAndGet();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        void end() throws InterruptedException {
            ended = true;
            join();
        }

        long failures() {
            return failures.get();
        }

        long percentile(double part) {
            List<Long> sorted = nanos.stream().sorted().toList();
            return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1L, (long) (sorted.size() * part)));
        }
    }

    /** A memory cgroup, of either version. */
    private static final class Cgroup {

        private static final Path MOUNT = Path.of("/sys/fs/cgroup");

        private final boolean two = Files.exists(MOUNT.resolve("cgroup.controllers"));
        private final Path path;
        private String peak = "?";

        Cgroup(String name, String mebibytes) throws IOException {
            path = Files.createDirectory((two ? MOUNT : MOUNT.resolve("memory")).resolve(name));
            Files.writeString(path.resolve(two ? "memory.max" : "memory.limit_in_bytes"), mebibytes + "M");
            if (two) {
                Files.writeString(path.resolve("memory.swap.max"), "0");
            }
        }

        Path processes() {
            return path.resolve("cgroup.procs");
        }

        void note() throws IOException {
            Path file = path.resolve(two ? "memory.peak" : "memory.max_usage_in_bytes");
            peak = Long.toString(Long.parseLong(Files.readString(file).strip()) >> 20);
        }

        String peak() {
            return peak;
        }

        void remove() throws IOException {
            Files.delete(path);
        }
    }
}
