package io.snowline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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
 * which is installed if nothing else is there; if there is none of these, tests fail and are never skipped.
 *
 * <p>Not thread-safe, except for {@link #command}.
 */
public final class RedisServer extends LaunchedServer {

    private static final Duration START_DEADLINE = Duration.ofSeconds(10);

    /** The distance of a Cluster's bus port. */
    private static final int BUS = 10_000;

    private final HostAndPort address;
    private final List<String> arguments;

    private RedisServer(HostAndPort address, List<String> arguments, Optional<Path> directory) {
        super(directory);
        this.address = address;
        this.arguments = arguments;
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
        return retrying(() -> {
            int port = FreePorts.claim(BUS);
            Path directory = newDirectory("redis");
            return start(port, serverArguments(port, directory, List.of(extraArguments)), directory);
        });
    }

    /** Starts a Sentinel: a server with a configuration file, which it writes to. */
    static RedisServer startSentinel(String configuration) {
        return retrying(() -> {
            int port = FreePorts.claim();
            Path directory = newDirectory("redis");
            try {
                Files.writeString(
                        directory.resolve("sentinel.conf"),
                        "port %s\nbind 127.0.0.1\ndir %s\n%s".formatted(port, directory, configuration));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return start(port, List.of("sentinel.conf", "--sentinel"), directory);
        });
    }

    private static RedisServer start(int port, List<String> arguments, Path directory) {
        RedisServer server = new RedisServer(new HostAndPort("127.0.0.1", port), arguments, Optional.of(directory));
        server.launch();
        return server;
    }

    private static List<String> serverArguments(int port, Path directory, List<String> extra) {
        List<String> arguments = new ArrayList<>(List.of("--bind", "127.0.0.1", "--protected-mode", "no"));
        arguments.addAll(List.of("--save", "", "--appendonly", "no"));
        arguments.addAll(List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"));
        arguments.addAll(extra);
        boolean tls = arguments.remove("--tls");
        arguments.addAll(tls ? List.of("--port", "0", "--tls-port", "" + port) : List.of("--port", "" + port));
        arguments.addAll(List.of("--dir", directory.toString()));
        return arguments;
    }

    private void launch() {
        launch(Launchers.redis(), arguments, List.of(port()));
        awaitAnswer(START_DEADLINE);
    }

    /** A server that requires a password, or TLS, counts as answering too. */
    @Override
    boolean answers() {
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

    /**
     * Runs a command.
     *
     * @return what Redis replied: a String, a Long, a List of those, or null
     * @throws JedisException if it replied with an error, or not at all
     */
    public @Nullable Object command(String... words) {
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

    /** Runs a command that Redis replies to with a value of this type. */
    <T> T reply(Class<T> type, String... words) {
        return Objects.requireNonNull(type.cast(command(words)));
    }

    /** Returns a field of {@code INFO}, empty if there is none. */
    public Optional<String> info(String section, String field) {
        return reply(String.class, "INFO", section)
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1))
                .findFirst();
    }

    /** Starts the server again after {@link #kill}, on the same port, with the data that it had written to disk. */
    public void restart() {
        if (running()) {
            kill();
        }
        launch();
    }

    /** Starts the server again without any data. */
    public void restartEmpty() {
        if (running()) {
            kill();
        }
        deleteFiles(directory(), false);
        launch();
    }

    @Override
    public String toString() {
        return "redis-server at " + address;
    }

    private static final class Shared {
        static final RedisServer SERVER =
                Launchers.givenAddress("Redis").map(Shared::given).orElseGet(RedisServer::start);

        private static RedisServer given(String address) {
            RedisServer server = new RedisServer(HostAndPort.from(address), List.of(), Optional.empty());
            if (!server.answers()) {
                throw Launchers.noAnswer("Redis", address);
            }
            return server;
        }
    }
}
