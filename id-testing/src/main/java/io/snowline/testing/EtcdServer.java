package io.snowline.testing;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.maintenance.StatusResponse;
import io.etcd.jetcd.options.DeleteOption;
import io.etcd.jetcd.options.GetOption;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A real etcd server for tests.
 *
 * <p>{@link #shared()} is for tests that need any etcd: the one at {@code -Dsnowline.test.etcd=host:port} or
 * {@code SNOWLINE_TEST_ETCD} if it is given, else one that is started for this JVM. {@link #start} starts one for tests
 * that kill, pause or configure it. They run the binary that is on the path, or a container, or Debian's package, which
 * is installed if nothing else is there; if there is none of these, tests fail and are never skipped.
 *
 * <p>Not thread-safe.
 */
public final class EtcdServer extends LaunchedServer {

    private static final Duration START_DEADLINE = Duration.ofSeconds(20);
    private static final Set<EtcdServer> ASKED = ConcurrentHashMap.newKeySet();

    private final Ports ports;
    private final Setup setup;
    private String token = "test";
    private Optional<Client> client = Optional.empty();

    private EtcdServer(Ports ports, Setup setup, Optional<Path> directory) {
        super(directory);
        this.ports = ports;
        this.setup = setup;
    }

    /** Returns the server that the tests of this JVM share; each test uses namespaces of its own. */
    public static EtcdServer shared() {
        return Shared.SERVER;
    }

    /**
     * Starts a cluster of one member on free ports of 127.0.0.1.
     *
     * @param extraArguments further arguments for {@code etcd}; with {@code --cert-file} among them, the client port
     *     speaks TLS
     */
    public static EtcdServer start(String... extraArguments) {
        return startOn("127.0.0.1", extraArguments);
    }

    /** Starts a cluster of one member whose client port is one of {@code ::1}. */
    public static EtcdServer startOnIpv6() {
        return startOn("[::1]");
    }

    private static EtcdServer startOn(String host, String... extraArguments) {
        return retrying(() -> {
            Ports ports = Ports.free(host);
            EtcdServer server = prepare("m0", ports, Map.of("m0", ports), extraArguments);
            server.launch();
            server.awaitHealthy();
            return server;
        });
    }

    /** Starts another member of a server's cluster, which does not vote; it may not be healthy yet. */
    public static EtcdServer startLearnerOf(EtcdServer voter) {
        Ports ports = Ports.free("127.0.0.1");
        URI peer = URI.create("http://127.0.0.1:" + ports.peer());
        voter.ask(client -> client.getClusterClient().addMember(List.of(peer), true));
        Map<String, Ports> members = new LinkedHashMap<>(Map.of(voter.setup.name(), voter.ports));
        members.put("learner", ports);
        EtcdServer learner = prepare("learner", ports, members, "--initial-cluster-state", "existing");
        learner.launch();
        return learner;
    }

    /** Makes a member that is not started yet. */
    static EtcdServer prepare(String name, Ports ports, Map<String, Ports> members, String... extraArguments) {
        boolean tls = List.of(extraArguments).contains("--cert-file");
        Map<String, String> peers = new LinkedHashMap<>();
        members.forEach((member, memberPorts) -> peers.put(member, "http://127.0.0.1:" + memberPorts.peer()));
        return new EtcdServer(
                ports, new Setup(name, tls, peers, Arrays.asList(extraArguments)), Optional.of(newDirectory("etcd")));
    }

    void launch() {
        launch(Launchers.etcd(), arguments(), List.of(ports.client(), ports.peer(), ports.health()));
    }

    void awaitHealthy() {
        awaitAnswer(START_DEADLINE);
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--name", setup.name(), "--data-dir", data().toString()));
        arguments.addAll(List.of("--listen-client-urls", endpoint(), "--advertise-client-urls", endpoint()));
        String peer = setup.peer();
        arguments.addAll(List.of("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer));
        arguments.addAll(List.of("--listen-metrics-urls", "http://127.0.0.1:" + ports.health()));
        arguments.addAll(List.of("--initial-cluster", setup.initialCluster(), "--initial-cluster-token", token));
        arguments.addAll(List.of("--heartbeat-interval", "50", "--election-timeout", "500", "--logger", "zap"));
        arguments.addAll(setup.extraArguments());
        return arguments;
    }

    private Path data() {
        return directory().resolve("data");
    }

    @Override
    boolean answers() {
        try (var in = url(ours() ? ports.health() : ports.client()).openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).contains("true");
        } catch (IOException e) {
            return false;
        }
    }

    private URL url(int port) throws IOException {
        try {
            return new URI("http", null, ours() ? "127.0.0.1" : ports.host(), port, "/health", null, null).toURL();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    /** Returns {@code http://host:port} or {@code https://host:port}, for clients. */
    public String endpoint() {
        return (setup.tls() ? "https://" : "http://") + address();
    }

    /** Returns {@code host:port}, for clients. */
    public String address() {
        return ports.host() + ":" + ports.client();
    }

    public String host() {
        return ports.host();
    }

    public int port() {
        return ports.client();
    }

    // ---- bypassing the coordinator ----

    /** Asks with a client that does not log in. */
    public <T> T ask(Function<Client, CompletableFuture<T>> question) {
        if (client.isEmpty()) {
            client = Optional.of(Client.builder().endpoints(endpoint()).build());
            ASKED.add(this);
        }
        try {
            return question.apply(client.get()).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Closes the clients that tests of this JVM have used, so that none of their threads is left; the next question
     * opens another client.
     */
    public static void closeClients() {
        ASKED.forEach(EtcdServer::closeClient);
    }

    private void closeClient() {
        client.ifPresent(Client::close);
        client = Optional.empty();
        ASKED.remove(this);
    }

    public Optional<String> get(String key) {
        return ask(asked -> asked.getKVClient().get(bytes(key))).getKvs().stream()
                .findFirst()
                .map(entry -> entry.getValue().toString(StandardCharsets.UTF_8));
    }

    public void put(String key, String value) {
        ask(asked -> asked.getKVClient().put(bytes(key), bytes(value)));
    }

    public void delete(String key) {
        ask(asked -> asked.getKVClient().delete(bytes(key)));
    }

    /** Deletes all keys with a prefix, as {@code etcdctl del --prefix} does. */
    public void deleteAll(String prefix) {
        DeleteOption below = DeleteOption.builder().isPrefix(true).build();
        ask(asked -> asked.getKVClient().delete(bytes(prefix), below));
    }

    /** Returns all keys with a prefix, in order, with their values. */
    public Map<String, String> dump(String prefix) {
        Map<String, String> dump = new LinkedHashMap<>();
        GetOption below = GetOption.builder()
                .isPrefix(true)
                .withSortField(GetOption.SortTarget.KEY)
                .withSortOrder(GetOption.SortOrder.ASCEND)
                .build();
        ask(asked -> asked.getKVClient().get(bytes(prefix), below))
                .getKvs()
                .forEach(entry -> dump.put(
                        entry.getKey().toString(StandardCharsets.UTF_8),
                        entry.getValue().toString(StandardCharsets.UTF_8)));
        return dump;
    }

    public StatusResponse status() {
        return ask(asked -> asked.getMaintenanceClient().statusMember(endpoint()));
    }

    public static ByteSequence bytes(String text) {
        return ByteSequence.from(text, StandardCharsets.UTF_8);
    }

    // ---- faults ----

    /** Starts the server again if a failed test has left it down. */
    public void ensureRunning() {
        if (!running()) {
            restart();
        }
    }

    /** Starts the server again after {@link #kill}, on the same ports, with its data. */
    public void restart() {
        relaunch();
        awaitHealthy();
    }

    void relaunch() {
        if (running()) {
            kill();
        }
        launch();
    }

    /** Starts the server again without any data, as a cluster with another id. */
    public void restartAsAnotherCluster() {
        kill();
        deleteFiles(data(), true);
        token += "-again";
        restart();
    }

    /** Writes a snapshot of the present data, as {@code etcdctl snapshot save} does. */
    public Path snapshot() {
        Path file = directory().resolve("snapshot-" + System.nanoTime() + ".db");
        try (OutputStream out = Files.newOutputStream(file)) {
            ask(asked -> asked.getMaintenanceClient().snapshot(out));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the server again from a snapshot, restored under the same cluster id. */
    public void restartFrom(Path snapshot) {
        kill();
        deleteFiles(data(), true);
        String peer = setup.peer();
        List<String> arguments = new ArrayList<>(List.of("snapshot", "restore", snapshot.toString()));
        arguments.addAll(List.of("--name", setup.name(), "--data-dir", data().toString()));
        arguments.addAll(List.of("--initial-cluster", setup.initialCluster(), "--initial-cluster-token", token));
        arguments.addAll(List.of("--initial-advertise-peer-urls", peer));
        Snapshots.restore(Launchers.etcd(), arguments, directory());
        restart();
    }

    /** Starts the server again from a snapshot, restored as a cluster with another id. */
    public void restartAsAnotherClusterFrom(Path snapshot) {
        token += "-restored";
        restartFrom(snapshot);
    }

    /** Copies the server's files while it is down, and starts it again. */
    public Path copyOfData() {
        kill();
        Path copy = directory().resolve("copy-" + System.nanoTime());
        copyFiles(data(), copy);
        restart();
        return copy;
    }

    /** Starts the server again with an older copy of its files. */
    public void restartWithData(Path copy) {
        kill();
        deleteFiles(data(), true);
        copyFiles(copy, data());
        restart();
    }

    @Override
    public void close() {
        closeClient();
        super.close();
    }

    @Override
    public String toString() {
        return "etcd at " + endpoint();
    }

    private static void copyFiles(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The arguments of a member.
     *
     * @param peers every member's name, and its address for the others
     */
    record Setup(String name, boolean tls, Map<String, String> peers, List<String> extraArguments) {

        String peer() {
            return Objects.requireNonNull(peers.get(name));
        }

        String initialCluster() {
            return String.join(
                    ",",
                    peers.entrySet().stream()
                            .map(peer -> peer.getKey() + "=" + peer.getValue())
                            .toList());
        }
    }

    /** Where a member listens: for clients, for the other members, and for health checks. */
    record Ports(String host, int client, int peer, int health) {

        static Ports free(String host) {
            int port = FreePorts.claim(1, 2);
            return new Ports(host, port, port + 1, port + 2);
        }
    }

    private static final class Shared {
        static final EtcdServer SERVER =
                Launchers.givenAddress("etcd").map(Shared::given).orElseGet(EtcdServer::start);

        private static EtcdServer given(String address) {
            URI uri = URI.create("http://" + address);
            Ports ports = new Ports(uri.getHost(), uri.getPort(), -1, -1);
            EtcdServer server = new EtcdServer(ports, new Setup("given", false, Map.of(), List.of()), Optional.empty());
            if (!server.answers()) {
                throw Launchers.noAnswer("etcd", address);
            }
            return server;
        }
    }
}
