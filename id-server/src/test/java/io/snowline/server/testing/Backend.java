package io.snowline.server.testing;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.RedisServer;
import io.snowline.testing.ZooKeeperServer;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * A running backend of one server, of any type, and the YAML that configures it.
 *
 * <p>Not thread-safe.
 */
public final class Backend implements AutoCloseable {

    private final String type;
    private final String location;
    private final OptionalInt port;
    private final BackendStore store;

    private Backend(String type, String location, OptionalInt port, BackendStore store) {
        this.type = type;
        this.location = location;
        this.port = port;
        this.store = store;
    }

    /**
     * Starts a backend.
     *
     * @param type {@code local}, {@code redis}, {@code zookeeper} or {@code etcd}
     * @param directory where the local one has its records, in {@code data}
     */
    public static Backend start(String type, Path directory) {
        return switch (type) {
            case "local" -> local(directory.resolve("data"));
            case "redis" -> {
                // With every step on disk: these servers lose only what a test makes them lose.
                RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                yield new Backend(type, "127.0.0.1", OptionalInt.of(server.port()), new BackendStore.Redis(server));
            }
            case "zookeeper" -> {
                ZooKeeperServer server = ZooKeeperServer.start();
                yield new Backend(type, "127.0.0.1", OptionalInt.of(server.port()), new BackendStore.ZooKeeper(server));
            }
            case "etcd" -> {
                EtcdServer server = EtcdServer.start();
                yield new Backend(type, server.host(), OptionalInt.of(server.port()), new BackendStore.Etcd(server));
            }
            default -> throw new IllegalArgumentException("no such backend: " + type);
        };
    }

    /** Returns the local coordinator over a directory. */
    public static Backend local(Path data) {
        return new Backend("local", data.toString(), OptionalInt.empty(), new BackendStore.Local(data));
    }

    /** Returns the type, as written in YAML. */
    public String type() {
        return type;
    }

    /** Returns the block that configures it: {@code coordination: {…}}. */
    public String yaml() {
        return yaml(location, port.orElse(0));
    }

    /** Returns the block that configures it, but with a port of 127.0.0.1 that leads to it. */
    public String yamlThrough(int otherPort) {
        return yaml("127.0.0.1", otherPort);
    }

    private String yaml(String where, int through) {
        return "coordination: "
                + switch (type) {
                    case "local" -> "{type: local, directory: \"%s\"}".formatted(where);
                    case "redis" ->
                        "{type: redis, uri: \"redis://%s:%d\", readTimeout: 500ms}".formatted(where, through);
                    case "zookeeper" -> "{type: zookeeper, connectString: \"%s:%d\"}".formatted(where, through);
                    default -> "{type: etcd, endpoints: [\"http://%s:%d\"]}".formatted(where, through);
                };
    }

    /** Returns the address that it listens on. */
    public String host() {
        return location;
    }

    /**
     * Returns the port that it listens on.
     *
     * @throws IllegalStateException if it is a directory
     */
    public int port() {
        return port.orElseThrow(() -> new IllegalStateException("a directory has no port"));
    }

    /** Opens a coordinator over it in this process. */
    public NodeCoordinator open() {
        return store.open();
    }

    /** Makes it unavailable to every process, while keeping its data, until {@link #giveBack}. */
    public void takeAway() {
        store.takeAway();
    }

    /** Makes it available again, with its data. */
    public void giveBack() {
        store.giveBack();
    }

    /** Puts a text under a key, a path, or a hash and field with a space between them, bypassing any coordinator. */
    public void put(String key, String text) {
        store.put(key, text);
    }

    /** Returns the text under a key, a path, or a hash and field with a space between them. */
    public String get(String key) {
        return store.get(key);
    }

    @Override
    public void close() {
        store.close();
    }

    @Override
    public String toString() {
        return switch (type) {
            case "local" -> "local directory";
            case "redis" -> "Redis";
            case "zookeeper" -> "ZooKeeper";
            default -> "etcd";
        };
    }
}
