package io.snowline.server.testing;

import io.snowline.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The real server jar, running as a process of its own with a configuration on free ports. The jar is found by the system
 * property {@code snowline.server.jar}. Each answer is checked against the description of the calls.
 *
 * <pre>{@code
 * try (ServerProcess server = ServerProcess.start(directory, "generators: {default: {lanes: 2}}")) {
 *     server.awaitReady();
 *     HttpResponse<String> id = server.get("/v1/default/id");
 *     server.kill();       // SIGKILL
 *     server.restart();    // same configuration, same ports
 * }
 * }</pre>
 *
 * <p>Not thread-safe, except for {@link #get}, {@link #send} and {@link #log}.
 */
public final class ServerProcess implements AutoCloseable {

    /** How long a server may take to start on a busy machine. */
    public static final Duration STARTING = Duration.ofSeconds(60);

    private static final ApiContract CONTRACT = new ApiContract();
    private static final Duration STOPPING = Duration.ofSeconds(30);

    /** Killed when this JVM ends, whatever happened to the test. */
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly)));
    }

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Path directory;
    private final Map<String, String> environment;
    private final Path log;
    private final int port;
    private final int adminPort;
    private final List<String> options;
    private Process process;

    private ServerProcess(Path directory, String yaml, List<String> options, Map<String, String> environment) {
        this.directory = directory;
        this.options = options;
        this.environment = environment;
        log = directory.resolve("server.log");
        port = FreePorts.claim();
        adminPort = FreePorts.claim();
        write(directory.resolve("config.yml"), yaml + "\n" + serverBlock());
        process = launch();
    }

    /**
     * Starts a server.
     *
     * @param directory its working directory: for its configuration, its log and relative paths; created if it is
     *     missing
     * @param yaml its configuration without a {@code server} block
     */
    public static ServerProcess start(Path directory, String yaml) {
        return start(directory, yaml, Map.of());
    }

    /**
     * Starts a server.
     *
     * @param environment variables that it gets in addition to those of this process, at restarts as well
     */
    public static ServerProcess start(Path directory, String yaml, Map<String, String> environment) {
        return start(directory, yaml, Extent.of(ClassArchive.options(), fastStart()), environment);
    }

    /** Starts a server with JVM options. */
    public static ServerProcess start(
            Path directory, String yaml, List<String> options, Map<String, String> environment) {
        try {
            return new ServerProcess(
                    Files.createDirectories(directory), yaml, List.copyOf(options), Map.copyOf(environment));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String serverBlock() {
        return """
                server:
                  applicationConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                  adminConnectors: [{type: http, bindHost: 127.0.0.1, port: %d}]
                """
                .formatted(port, adminPort);
    }

    private Process launch() {
        try {
            ProcessBuilder builder = new ProcessBuilder(javaJar(options, "server", "config.yml"))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            Process launched = builder.start();
            RUNNING.removeIf(ended -> !ended.isAlive());
            RUNNING.add(launched);
            return launched;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the server can issue IDs of all its namespaces. */
    public ServerProcess awaitReady() {
        return await(URI.create(admin() + "/healthcheck"));
    }

    /** Waits until the server answers, whether or not it can issue IDs. */
    public ServerProcess awaitListening() {
        return await(URI.create(admin() + "/ping"));
    }

    private ServerProcess await(URI healthy) {
        long deadline = System.nanoTime() + STARTING.toNanos();
        while (!answers(healthy)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new IllegalStateException(
                        "the server must answer at %s, but %s; its log:%n%s".formatted(healthy, state(), log()));
            }
            breathe();
        }
        return this;
    }

    private boolean answers(URI uri) {
        try {
            return send(HttpRequest.newBuilder(uri).build()).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false; // not listening yet
        }
    }

    private String state() {
        return process.isAlive() ? "did not within " + STARTING : "ended with status " + process.exitValue();
    }

    /** Asks for a path, such as {@code /v1/default/id}. */
    public HttpResponse<String> get(String path) {
        return send(HttpRequest.newBuilder(URI.create(base() + path)).build());
    }

    /** Sends a request. */
    public HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            CONTRACT.check(request.method(), answer.uri(), answer.statusCode(), answer.headers(), answer.body());
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Returns the URI for requests for IDs, without a slash at its end. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Returns the URI of the administration, without a slash at its end. */
    public URI admin() {
        return URI.create("http://127.0.0.1:" + adminPort);
    }

    /** Returns the id of the process that runs now, or ran last. */
    public long pid() {
        return process.pid();
    }

    /** Returns the configuration file. */
    public Path configuration() {
        return directory.resolve("config.yml");
    }

    /** Returns the log of the server so far, over all restarts. */
    public String log() {
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a gauge or counter of the server, such as {@code snowline.lead_seconds.default}. */
    public double metric(String name) {
        String metrics = send(HttpRequest.newBuilder(URI.create(admin() + "/metrics"))
                        .build())
                .body();
        Matcher value = Pattern.compile("\"" + Pattern.quote(name) + "\":\\{\"(?:value|count)\":([-0-9.E]+)")
                .matcher(metrics);
        if (!value.find()) {
            throw new IllegalStateException("there must be a metric '%s' in %s".formatted(name, metrics));
        }
        return Double.parseDouble(value.group(1));
    }

    /** Freezes the process, without its noticing, with SIGSTOP, until {@link #resume}. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused process go on, with SIGCONT. */
    public void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int status = exitOf(new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start());
            if (status != 0) {
                throw new IllegalStateException("kill -%s %d ended with status %d".formatted(name, pid(), status));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the process with SIGKILL and waits for its end. */
    public void kill() {
        process.destroyForcibly();
        var unused = awaitExit();
    }

    /** Asks the process to stop with SIGTERM, and returns at once. */
    public void askToStop() {
        process.destroy();
    }

    /** Asks the process to stop with SIGTERM, and returns its exit status. */
    public int terminate() {
        process.destroy();
        return awaitExit();
    }

    /** Starts the process again after its end, with the same configuration and ports. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the process must have ended before a restart, but " + pid() + " runs");
        }
        process = launch();
    }

    /** Waits for the end of the process, and returns its exit status. */
    public int awaitExit() {
        return exitOf(process);
    }

    /** Kills the process if it is still running. */
    @Override
    public void close() {
        kill();
    }

    // ---- commands ----

    /**
     * The result of a command.
     *
     * @param status its exit status
     * @param out what it wrote to standard output
     * @param err what it wrote to standard error
     */
    public record Result(int status, String out, String err) {}

    /** Runs a command of the jar to its end, in a directory. */
    public static Result run(Path directory, String... arguments) {
        return run(directory, ProcessBuilder.Redirect.PIPE, arguments);
    }

    /** Runs a command of the jar to its end, in a directory, with a file as its standard input. */
    public static Result runWithInput(Path directory, Path input, String... arguments) {
        return run(directory, ProcessBuilder.Redirect.from(input.toFile()), arguments);
    }

    private static Result run(Path directory, ProcessBuilder.Redirect input, String... arguments) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            Process command = new ProcessBuilder(javaJar(fastStart(), arguments))
                    .directory(directory.toFile())
                    .redirectInput(input)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Result(exitOf(command), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the server's jar. */
    public static Path jar() {
        String jar = System.getProperty("snowline.server.jar");
        if (jar == null) {
            throw new IllegalStateException("system property snowline.server.jar must name the server's jar");
        }
        return Path.of(jar);
    }

    /** Makes the namespaces of a configuration by the command {@code create}, on the word that they are new. */
    public static void create(Path directory, String yaml) {
        write(directory.resolve("create.yml"), yaml);
        Result created = run(directory, "create", "create.yml");
        if (created.status() != 0) {
            throw new IllegalStateException("the namespaces must be made, but: " + created.err());
        }
    }

    /** Returns the JVM options for a process that ends before the second compiler would pay off. */
    private static List<String> fastStart() {
        List<String> options = new ArrayList<>(ClassArchive.options());
        options.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        return options;
    }

    private static List<String> javaJar(List<String> options, String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(List.of(java, "-Xmx256m"));
        command.addAll(options);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static int exitOf(Process process) {
        try {
            if (!process.waitFor(STOPPING.toMillis() + STARTING.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("process " + process.pid() + " must end by itself, and did not");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void breathe() {
        try {
            Thread.sleep(50); // another process, whose clock cannot be moved
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
