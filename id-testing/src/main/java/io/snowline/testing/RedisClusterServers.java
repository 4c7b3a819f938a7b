package io.snowline.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.exceptions.JedisException;

/** A Redis Cluster of three masters, each with a replica if asked for. Not thread-safe. */
public final class RedisClusterServers implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16384;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<RedisServer> servers = new ArrayList<>();

    private RedisClusterServers() {}

    /** Starts three masters. */
    public static RedisClusterServers start() {
        return start(0);
    }

    /** Starts three masters, each with one replica. */
    public static RedisClusterServers startWithReplicas() {
        return start(1);
    }

    private static RedisClusterServers start(int replicas) {
        RedisClusterServers cluster = new RedisClusterServers();
        try {
            for (int i = 0; i < MASTERS * (1 + replicas); i++) {
                cluster.servers.add(RedisServer.start("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"));
            }
            cluster.form();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void form() {
        RedisServer first = servers.get(0);
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", "" + (i + 1));
            servers.get(i).command("CLUSTER", "MEET", first.host(), "" + first.port());
        }
        IntStream.range(0, MASTERS).forEach(this::assignSlots);
        awaitAll("cluster_known_nodes:" + servers.size());
        for (int i = MASTERS; i < servers.size(); i++) {
            servers.get(i).command("CLUSTER", "REPLICATE", id(servers.get(i - MASTERS)));
        }
        awaitAll("cluster_state:ok");
        if (servers.size() > MASTERS) {
            masters().forEach(master -> RedisReplication.awaitReplicas(master, 1));
        }
    }

    private void assignSlots(int index) {
        Stream<String> slots = IntStream.range(index * SLOTS / MASTERS, (index + 1) * SLOTS / MASTERS)
                .mapToObj(String::valueOf);
        servers.get(index)
                .command(Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), slots).toArray(String[]::new));
    }

    private void awaitAll(String line) {
        for (RedisServer server : servers) {
            Await.until("%s at %s".formatted(line, server), DEADLINE, () -> clusterInfo(server)
                    .contains(line));
        }
    }

    private static String clusterInfo(RedisServer server) {
        try {
            return server.reply(String.class, "CLUSTER", "INFO");
        } catch (JedisException e) {
            return "";
        }
    }

    private static String id(RedisServer server) {
        return server.reply(String.class, "CLUSTER", "MYID");
    }

    /** Returns the servers that began as masters. */
    public List<RedisServer> masters() {
        return List.copyOf(servers.subList(0, MASTERS));
    }

    /** Returns the servers that began as replicas, in the order of their masters. */
    public List<RedisServer> replicas() {
        return List.copyOf(servers.subList(MASTERS, servers.size()));
    }

    /** Returns the masters as {@code host:port}. */
    public List<String> nodes() {
        return masters().stream().map(RedisServer::address).toList();
    }

    /** Returns the master that had the slot of a key when the Cluster was started. */
    public RedisServer masterOf(String key) {
        long slot = servers.get(0).reply(Long.class, "CLUSTER", "KEYSLOT", key);
        return servers.get((int) (slot * MASTERS / SLOTS));
    }

    /** Moves the slot of a key, and the keys in it, from one master to another. */
    public void moveSlot(String key, RedisServer from, RedisServer to) {
        beginToMove(key, from, to);
        moveKeys(key, from, to);
        endMove(key, from, to);
    }

    /** Begins to move the slot of a key: keys that are not at the one master are the other's from now on. */
    public void beginToMove(String key, RedisServer from, RedisServer to) {
        String slot = slot(key, from);
        to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", id(from));
        from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", id(to));
    }

    /** Moves the keys that are in the slot of a key now. */
    public void moveKeys(String key, RedisServer from, RedisServer to) {
        for (Object each : from.reply(List.class, "CLUSTER", "GETKEYSINSLOT", slot(key, from), "1000")) {
            from.command("MIGRATE", to.host(), "" + to.port(), (String) each, "0", "5000");
        }
    }

    public void endMove(String key, RedisServer from, RedisServer to) {
        String slot = slot(key, from);
        to.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
        from.command("CLUSTER", "SETSLOT", slot, "NODE", id(to));
    }

    private static String slot(String key, RedisServer server) {
        return "" + server.command("CLUSTER", "KEYSLOT", key);
    }

    @Override
    public void close() {
        servers.forEach(RedisServer::close);
    }
}
