package io.snowline.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.curator.test.InstanceSpec;
import org.apache.curator.test.TestingCluster;

/** Three ZooKeeper servers inside this process that agree with each other. Not thread-safe. */
public final class ZooKeeperEnsemble implements AutoCloseable {

    private static final int DEFAULT = -1;
    private static final int TICK_MILLIS = 500;
    private static final Duration ELECTION = Duration.ofSeconds(20);

    private final TestingCluster cluster;
    private final List<InstanceSpec> servers;

    private ZooKeeperEnsemble(List<InstanceSpec> servers) {
        this.servers = servers;
        this.cluster = new TestingCluster(servers);
    }

    /** Starts three servers and waits until they have a leader. */
    public static ZooKeeperEnsemble start() {
        ZooKeeperEnsemble ensemble = new ZooKeeperEnsemble(IntStream.range(0, 3)
                .mapToObj(i -> new InstanceSpec(null, DEFAULT, DEFAULT, DEFAULT, true, DEFAULT, TICK_MILLIS, DEFAULT))
                .toList());
        try {
            ensemble.cluster.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        Await.until("a leader", ELECTION, () -> ensemble.leader().isPresent());
        return ensemble;
    }

    public String connectString() {
        return cluster.getConnectString();
    }

    public List<InstanceSpec> servers() {
        return servers;
    }

    /** Returns the server that leads, if there is one. */
    public Optional<InstanceSpec> leader() {
        return servers.stream()
                .filter(server -> status(server).contains("Mode: leader"))
                .findFirst();
    }

    /** Returns the servers that follow, the leader last if there is one. */
    public List<InstanceSpec> followersFirst() {
        List<InstanceSpec> order = new ArrayList<>(servers);
        leader().ifPresent(leader -> {
            order.remove(leader);
            order.add(leader);
        });
        return order;
    }

    public void kill(InstanceSpec server) {
        try {
            if (!cluster.killServer(server)) {
                throw new IllegalStateException(server + " is none of ours");
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public void restart(InstanceSpec server) {
        try {
            if (!cluster.restartServer(server)) {
                throw new IllegalStateException(server + " is none of ours");
            }
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String status(InstanceSpec server) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.setSoTimeout(1000);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "away";
        }
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
