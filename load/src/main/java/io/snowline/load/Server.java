package io.snowline.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server under test: a process of its own on a port of this machine. Not thread-safe. */
final class Server implements AutoCloseable {

    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final double TICKS_PER_SECOND = 100; // USER_HZ, the same on every Linux

    private final Process process;
    private final int port;
    private final Duration start;

    private Server(Process process, int port, Duration start) {
        this.process = process;
        this.port = port;
        this.start = start;
    }

    /** Starts a server and waits until a path is answered with 200. */
    static Server start(List<String> command, Map<String, String> environment, int port, String path, Path log)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        Process process = spawn(builder, log);
        while (!answers(port, path)) {
            if (!process.isAlive() || System.nanoTime() - begun > LONGEST_START.toNanos()) {
                process.destroy();
                throw new IllegalStateException("no answer from " + command + ":\n" + Files.readString(log));
            }
            Thread.sleep(2);
        }
        return new Server(process, port, Duration.ofNanos(System.nanoTime() - begun));
    }

    private static boolean answers(int port, String path) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) uri(port, path).toURL().openConnection();
            connection.setReadTimeout(5_000);
            boolean answers = connection.getResponseCode() == 200;
            if (answers) {
                connection.getInputStream().close();
            }
            return answers;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    /** Returns a port that no process listens on. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static URI uri(int port, String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    int port() {
        return port;
    }

    String url(String path) {
        return uri(port, path).toString();
    }

    /** Returns the body of the answer for a path. */
    String get(String path) throws IOException {
        try (InputStream answer = uri(port, path).toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Returns the time from the start of the command to the first answer. */
    Duration start() {
        return start;
    }

    /** Returns the CPU time that the process has used, in seconds, including the system's time for it. */
    double cpuSeconds() {
        String stat = read("stat");
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** Returns the resident memory, in MiB. */
    double residentMebibytes() {
        return read("status")
                .lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private String read(String file) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        end(process);
    }

    /** Ends a process, and waits until it is gone. */
    static void end(Process process) {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Starts a process that ends with this one, or earlier. */
    static Process spawn(ProcessBuilder builder, Path log) throws IOException {
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process;
    }

    /** Returns a command of the JDK that this process runs on. */
    static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
