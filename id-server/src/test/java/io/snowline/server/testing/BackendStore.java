package io.snowline.server.testing;

import io.snowline.coordination.NodeCoordinator;
import io.snowline.coordination.etcd.EtcdCoordinatorFactory;
import io.snowline.coordination.local.LocalCoordinatorFactory;
import io.snowline.coordination.redis.RedisCoordinatorFactory;
import io.snowline.coordination.zookeeper.ZooKeeperCoordinatorFactory;
import io.snowline.testing.EtcdServer;
import io.snowline.testing.RedisServer;
import io.snowline.testing.ZooKeeperServer;
import io.snowline.testing.ZooKeeperShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a test does to a backend, bypassing any coordinator. */
interface BackendStore extends AutoCloseable {

    /** Opens a coordinator over it in this process. */
    NodeCoordinator open();

    /** Makes it unavailable to every process, while keeping its data, until {@link #giveBack}. */
    void takeAway();

    /** Makes it available again. */
    void giveBack();

    /** Puts a text under a key, a path or a field. */
    void put(String key, String text);

    /** Returns the text under a key, a path or a field. */
    String get(String key);

    @Override
    void close();

    /**
     * A directory; it is made unavailable by holding the locks of its namespaces, as a process that is stopped in a
     * step does.
     */
    record Local(Path directory, List<FileChannel> locks) implements BackendStore {

        Local(Path directory) {
            this(directory, new ArrayList<>());
        }

        @Override
        public NodeCoordinator open() {
            LocalCoordinatorFactory factory = new LocalCoordinatorFactory();
            factory.setDirectory(directory.toString());
            return factory.open();
        }

        @Override
        public void takeAway() {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file :
                        files.filter(path -> path.endsWith("records.lock")).toList()) {
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                    locks.add(channel);
                    var unused = channel.lock();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (locks.isEmpty()) {
                throw new IllegalStateException("there must be a namespace in " + directory);
            }
        }

        @Override
        public void giveBack() {
            try {
                for (FileChannel lock : locks) {
                    lock.close();
                }
                locks.clear();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void put(String key, String text) {
            try {
                Files.createDirectories(directory.resolve(key).getParent());
                Files.writeString(directory.resolve(key), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String get(String key) {
            try {
                return Files.readString(directory.resolve(key));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            giveBack();
        }
    }

    /** A Redis server; a key with a space in it is that of a hash, followed by the field. */
    record Redis(RedisServer server) implements BackendStore {

        @Override
        public NodeCoordinator open() {
            RedisCoordinatorFactory factory = new RedisCoordinatorFactory();
            factory.setUri(server.uri());
            return factory.open();
        }

        @Override
        public void takeAway() {
            server.kill();
        }

        @Override
        public void giveBack() {
            server.restart();
        }

        @Override
        public void put(String key, String text) {
            String[] parts = key.split(" ", 2);
            var unused = parts.length == 1
                    ? server.command("SET", key, text)
                    : server.command("HSET", parts[0], parts[1], text);
        }

        @Override
        public String get(String key) {
            String[] parts = key.split(" ", 2);
            return String.valueOf(
                    parts.length == 1 ? server.command("GET", key) : server.command("HGET", parts[0], parts[1]));
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** A ZooKeeper server. */
    record ZooKeeper(ZooKeeperServer server) implements BackendStore {

        @Override
        public NodeCoordinator open() {
            ZooKeeperCoordinatorFactory factory = new ZooKeeperCoordinatorFactory();
            factory.setConnectString(server.connectString());
            return factory.open();
        }

        @Override
        public void takeAway() {
            server.stop();
        }

        @Override
        public void giveBack() {
            server.restart();
        }

        @Override
        public void put(String key, String text) {
            try (ZooKeeperShell shell = server.shell()) {
                if (!shell.exists(key)) {
                    shell.create(key, text);
                } else if (!shell.read(key).equals(text)) {
                    shell.write(key, text);
                }
            }
        }

        @Override
        public String get(String key) {
            try (ZooKeeperShell shell = server.shell()) {
                return shell.read(key);
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** An etcd server. */
    record Etcd(EtcdServer server) implements BackendStore {

        @Override
        public NodeCoordinator open() {
            EtcdCoordinatorFactory factory = new EtcdCoordinatorFactory();
            factory.setEndpoints(List.of(server.endpoint()));
            return factory.open();
        }

        @Override
        public void takeAway() {
            server.kill();
        }

        @Override
        public void giveBack() {
            server.restart();
        }

        @Override
        public void put(String key, String text) {
            server.put(key, text);
        }

        @Override
        public String get(String key) {
            return server.get(key).orElseThrow();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
