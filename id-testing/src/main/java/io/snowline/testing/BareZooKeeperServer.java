package io.snowline.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.apache.zookeeper.server.DataNode;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;

/** A ZooKeeper server inside this process, whose memory a test can change. Not thread-safe. */
public final class BareZooKeeperServer implements AutoCloseable {

    private static final int TICK_MILLIS = 1_000;
    private static final int CONNECTIONS = 20;

    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;

    private BareZooKeeperServer(ZooKeeperServer server, ServerCnxnFactory connections) {
        this.server = server;
        this.connections = connections;
    }

    /** Starts a server on an empty directory. */
    public static BareZooKeeperServer start(Path directory) {
        try {
            ZooKeeperServer server = new ZooKeeperServer(directory.toFile(), directory.toFile(), TICK_MILLIS);
            ServerCnxnFactory connections = ServerCnxnFactory.createFactory(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS);
            connections.startup(server);
            return new BareZooKeeperServer(server, connections);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public String connectString() {
        return "127.0.0.1:" + connections.getLocalPort();
    }

    /** Sets a znode's data version, as if it had been written that many times. */
    public void setDataVersion(String path, int version) {
        DataNode znode = server.getZKDatabase().getDataTree().getNode(path);
        synchronized (znode) {
            znode.stat.setVersion(version);
        }
    }

    @Override
    public void close() {
        connections.shutdown();
    }
}
