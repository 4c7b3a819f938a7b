package io.snowline.coordination.redis.testing;

import io.snowline.coordination.redis.testing.Launcher.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.SafeEncoder;

/**
 * A real Redis server for tests.
 *
 * <p>{@link #shared()} is for tests that need any Redis: the one at {@code -Dsnowline.test.redis=host:port} or
 * {@code SNOWLINE_TEST_REDIS} if it is given, else one that is started for this JVM. {@link #start} starts one for
 * tests that kill, pause or configure it. They run the binary that is on the path, or a container, or Debian's package,
 * which is installed if nothing else is there; if there is none of these, tests fail and are never skipped. Every
 * server that was started is killed when this JVM ends.
 *
 * <p>Not thread-safe, except for {@link #command}.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration START_DEADLINE = Duration.ofSeconds(10);
    private static final int ATTEMPTS = 4;
    private static final Set<RedisServer> RUNNING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> List.copyOf(RUNNING).forEach(RedisServer::close)));
    }

    private final HostAndPort address;
    private final List<String> arguments;
    private final Optional<Path> directory;
    private Optional<ServerProcess> process = Optional.empty();

    private RedisServer(HostAndPort address, List<String> arguments, Optional<Path> directory) {
        this.address = address;
        this.arguments = arguments;
        this.directory = directory;
    }

    /** Returns the server that the tests of this JVM share; each test uses namespaces of its own. */
    public static RedisServer shared() {
        return Shared.SERVER;
    }

    /**
     * Starts a server on a free port of 127.0.0.1, without persistence.
     *
     * @param extraArguments further arguments for {@code redis-server}; they override the ones given here. With
     *     {@code --tls} the port speaks TLS; the certificates are given by other arguments
     */
    public static RedisServer start(String... extraArguments) {
        return retrying(() -> launch(freePort(), serverArguments(extraArguments), Optional.empty()));
    }

    /** Starts a Sentinel: a server with a configuration file, which it writes to. */
    static RedisServer startSentinel(String configuration) {
        return retrying(() -> launch(freePort(), List.of("sentinel.conf", "--sentinel"), Optional.of(configuration)));
    }

    private static RedisServer retrying(java.util.function.Supplier<RedisServer> attempt) {
        for (int i = 1; i < ATTEMPTS; i++) {
            try {
                return attempt.get();
            } catch (StartFailed e) {
                System.out.println("Trying another port: " + e.getMessage());
            }
        }
        return attempt.get();
    }

    private static List<String> serverArguments(String... extra) {
        List<String> arguments = new ArrayList<>(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no"));
        arguments.addAll(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
        arguments.addAll(Arrays.asList(extra));
        return arguments;
    }

    private static RedisServer launch(int port, List<String> arguments, Optional<String> configuration) {
        try {
            Path directory = Files.createTempDirectory("snowline-redis-");
            List<String> all = new ArrayList<>(arguments);
            if (configuration.isPresent()) {
                Files.writeString(
                        directory.resolve("sentinel.conf"),
                        "port %d\nbind 127.0.0.1\ndir %s\n%s".formatted(port, directory, configuration.get()));
            } else {
                boolean tls = arguments.contains("--tls");
                all.remove("--tls");
                all.addAll(tls ? List.of("--port", "0", "--tls-port", "" + port) : List.of("--port", "" + port));
                all.addAll(List.of("--dir", directory.toString()));
            }
            RedisServer server = new RedisServer(new HostAndPort("127.0.0.1", port), all, Optional.of(directory));
            RUNNING.add(server);
            server.launch();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void launch() {
        ServerProcess launched = Launchers.get().launch(arguments, port(), directory.orElseThrow());
        process = Optional.of(launched);
        Await.until("a server on port " + port(), START_DEADLINE, () -> answers() || !launched.alive());
        if (!launched.alive()) {
            String log = launched.log();
            close();
            throw new StartFailed("redis-server ended at once on port " + port() + ":\n" + log);
        }
    }

    /** A server that requires a password, or TLS, counts as answering too. */
    private boolean answers() {
        try (java.net.Socket socket = new java.net.Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), port()), 1000);
            socket.setSoTimeout(1000);
            if (arguments.contains("--tls-port")) {
                return true;
            }
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String reply = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return reply.equals("+PONG") || reply.equals("-NOAU");
        } catch (IOException e) {
            return false;
        }
    }

    public String host() {
        return address.getHost();
    }

    public int port() {
        return address.getPort();
    }

    /** Returns {@code host:port}. */
    public String address() {
        return address.toString();
    }

    /** Returns {@code redis://host:port}. */
    public String uri() {
        return "redis://" + address;
    }

    /** Returns the directory of the server's files. */
    public Path directory() {
        return directory.orElseThrow(this::notOurs);
    }

    /**
     * Runs a command.
     *
     * @return what Redis replied: a String, a Long, a List of those, or null
     * @throws JedisException if it replied with an error, or not at all
     */
    public Object command(String... words) {
        DefaultJedisClientConfig config = DefaultJedisClientConfig.builder()
                .serverDefaultProtocol()
                .timeoutMillis(5000)
                .build();
        try (Connection connection = new Connection(address, config)) {
            String[] rest = Arrays.copyOfRange(words, 1, words.length);
            connection.sendCommand(() -> SafeEncoder.encode(words[0].toUpperCase(Locale.ROOT)), rest);
            return SafeEncoder.encodeObject(connection.getOne());
        }
    }

    /** Returns a field of {@code INFO}, empty if there is none. */
    public Optional<String> info(String section, String field) {
        return ((String) command("INFO", section))
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst();
    }

    /** Kills the server as {@code kill -9} does. */
    public void kill() {
        process().kill();
    }

    /**
     * Freezes the server, without its noticing, until {@link #resume}: connections stay open and nothing is answered.
     */
    public void pause() {
        process().pause();
    }

    public void resume() {
        process().resume();
    }

    /** Starts the server again after {@link #kill}, on the same port, with the data that it had written to disk. */
    public void restart() {
        if (process().alive()) {
            kill();
        }
        launch();
    }

    /** Starts the server again without any data. */
    public void restartEmpty() {
        if (process().alive()) {
            kill();
        }
        deleteFiles(directory(), false);
        launch();
    }

    /** Kills the server if this JVM has started it; a second call does nothing. */
    @Override
    public void close() {
        if (RUNNING.remove(this)) {
            process.filter(ServerProcess::alive).ifPresent(ServerProcess::kill);
            directory.ifPresent(path -> deleteFiles(path, true));
        }
    }

    @Override
    public String toString() {
        return "redis-server at " + address;
    }

    private ServerProcess process() {
        return process.orElseThrow(this::notOurs);
    }

    private UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException(this + " was not started by this test and cannot be controlled");
    }

    private static void deleteFiles(Path directory, boolean itself) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                if (itself || !file.equals(directory)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            System.out.println("Could not delete " + directory + ": " + e);
        }
    }

    /** Below the ephemeral ports of the system, and with room for a Cluster's bus port 10000 above. */
    private static int freePort() {
        for (int i = 0; i < 100; i++) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            if (free(port) && free(port + 10_000)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port was found between 15000 and 32000");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A server ended immediately: most likely another process has taken the port meanwhile. */
    private static final class StartFailed extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        StartFailed(String message) {
            super(message);
        }
    }

    private static final class Shared {
        static final RedisServer SERVER = find();

        private static RedisServer find() {
            return Optional.ofNullable(System.getProperty("snowline.test.redis"))
                    .or(() -> Optional.ofNullable(System.getenv("SNOWLINE_TEST_REDIS")))
                    .filter(text -> !text.isBlank())
                    .map(text -> given(HostAndPort.from(text)))
                    .orElseGet(RedisServer::start);
        }

        private static RedisServer given(HostAndPort address) {
            RedisServer server = new RedisServer(address, List.of(), Optional.empty());
            if (!server.answers()) {
                throw new IllegalStateException(
                        "no Redis answers at " + address + ", which snowline.test.redis or SNOWLINE_TEST_REDIS gives");
            }
            return server;
        }
    }
}
