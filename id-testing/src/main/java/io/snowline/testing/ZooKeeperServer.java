package io.snowline.testing;

import java.util.Map;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingServer;

/** A ZooKeeper server inside this process, on a port of its own, with its data on disk. Not thread-safe. */
public final class ZooKeeperServer implements AutoCloseable {

    private static final int DEFAULT = -1;

    private final TestingServer server;

    private ZooKeeperServer(TestingServer server) {
        this.server = server;
    }

    /** Starts a server. */
    public static ZooKeeperServer start() {
        return start(DEFAULT, Map.of());
    }

    /**
     * Starts a server.
     *
     * @param tickMillis sessions last at least twice as long
     * @param properties the further lines of its configuration file
     */
    public static ZooKeeperServer start(int tickMillis, Map<String, Object> properties) {
        return start(tickMillis, DEFAULT, properties);
    }

    /** Starts a server that takes no more than this many connections from one address. */
    public static ZooKeeperServer startWithConnections(int most) {
        return start(DEFAULT, most, Map.of());
    }

    private static ZooKeeperServer start(int tickMillis, int mostConnections, Map<String, Object> properties) {
        InstanceSpec spec = new InstanceSpec(
                null, DEFAULT, DEFAULT, DEFAULT, true, DEFAULT, tickMillis, mostConnections, properties, "127.0.0.1");
        return new ZooKeeperServer(get(() -> new TestingServer(spec, true)));
    }

    public String connectString() {
        return server.getConnectString();
    }

    public int port() {
        return server.getPort();
    }

    /** Stops it; its data stays. */
    public void stop() {
        run(server::stop);
    }

    /** Starts it again on the same port and data, whether it was stopped or not. */
    public void restart() {
        run(server::restart);
    }

    /** Connects without the coordinator. */
    public ZooKeeperShell shell() {
        return ZooKeeperShell.to(connectString());
    }

    @Override
    public void close() {
        run(server::close);
    }

    private interface Action {
        void run() throws Exception;
    }

    private interface Getting<T> {
        T get() throws Exception;
    }

    private static void run(Action action) {
        var unused = get(() -> {
            action.run();
            return true;
        });
    }

    private static <T> T get(Getting<T> getting) {
        try {
            return getting.get();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
