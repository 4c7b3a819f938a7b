package io.snowline.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.exceptions.JedisException;

/** A master, its replicas, and Sentinels that watch over them. Not thread-safe. */
public final class RedisReplication implements AutoCloseable {

    /** The name under which the Sentinels know the master. */
    public static final String MASTER_NAME = "mymaster";

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final List<RedisServer> servers = new ArrayList<>();
    private final List<RedisServer> sentinels = new ArrayList<>();
    private int firstMasterPort;

    private RedisReplication() {}

    /**
     * Starts all of them, and waits until the replicas are in sync and the Sentinels know each other.
     *
     * @param sentinels how many Sentinels; the majority of them must agree on a failover; 0 for replication alone
     */
    public static RedisReplication start(int replicas, int sentinels) {
        return startBehind(RedisServer::port, replicas, sentinels);
    }

    /**
     * Starts all of them; the replicas and the Sentinels know the master by another port of 127.0.0.1, which leads to
     * it.
     *
     * @param port returns that port, given the master, once the master is there
     * @param serverArguments more arguments of the servers, not of the Sentinels
     */
    public static RedisReplication startBehind(
            ToIntFunction<RedisServer> port, int replicas, int sentinels, String... serverArguments) {
        RedisReplication replication = new RedisReplication();
        try {
            RedisServer master = RedisServer.start(serverArguments);
            replication.servers.add(master);
            replication.firstMasterPort = port.applyAsInt(master);
            replication.startReplicas(replicas, List.of(serverArguments));
            replication.startSentinels(sentinels);
            return replication;
        } catch (RuntimeException e) {
            replication.close();
            throw e;
        }
    }

    private void startReplicas(int replicas, List<String> serverArguments) {
        RedisServer master = servers.get(0);
        List<String> arguments = new ArrayList<>(serverArguments);
        arguments.addAll(List.of("--replicaof", master.host(), "" + firstMasterPort));
        for (int i = 0; i < replicas; i++) {
            servers.add(RedisServer.start(arguments.toArray(String[]::new)));
        }
        awaitReplicas(master, replicas);
    }

    private void startSentinels(int count) {
        String configuration = "sentinel monitor %1$s %2$s %3$d %4$d\nsentinel down-after-milliseconds %1$s 500\n"
                .concat("sentinel failover-timeout %1$s 1000\nsentinel parallel-syncs %1$s 5\n")
                .formatted(MASTER_NAME, servers.get(0).host(), firstMasterPort, count / 2 + 1);
        IntStream.range(0, count).forEach(i -> sentinels.add(RedisServer.startSentinel(configuration)));
        for (RedisServer sentinel : sentinels) {
            Await.until("the Sentinels to know each other", DEADLINE, () -> knowsAll(sentinel, count));
        }
    }

    private boolean knowsAll(RedisServer sentinel, int count) {
        String info = sentinel.reply(String.class, "INFO", "sentinel");
        return info.contains("status=ok")
                && info.contains("slaves=%s,sentinels=%s".formatted(servers.size() - 1, count));
    }

    /** Returns all servers: first the master, then its replicas. */
    public List<RedisServer> servers() {
        return List.copyOf(servers);
    }

    public List<RedisServer> sentinels() {
        return List.copyOf(sentinels);
    }

    /** Returns the Sentinels as {@code host:port}. */
    public List<String> sentinelNodes() {
        return sentinels.stream().map(RedisServer::address).toList();
    }

    /** Returns the server that the first Sentinel takes for the master. */
    public RedisServer master() {
        List<?> address = sentinels.get(0).reply(List.class, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER_NAME);
        if (address.get(1).equals("" + firstMasterPort)) {
            return servers.get(0);
        }
        return servers.stream()
                .filter(server -> address.get(1).equals("" + server.port()))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until a server other than this one is the master, both for the Sentinels and for itself. */
    public RedisServer awaitOtherMaster(RedisServer old) {
        Await.until("another master", DEADLINE, () -> !master().equals(old) && isMaster(master()));
        return master();
    }

    /** Waits until a master has this many replicas in sync. */
    public static void awaitReplicas(RedisServer master, int replicas) {
        Await.until("%s replicas".formatted(replicas), DEADLINE, () -> IntStream.range(0, replicas)
                .allMatch(i -> master.info("replication", "slave" + i)
                        .filter(state -> state.contains("state=online"))
                        .isPresent()));
    }

    private static boolean isMaster(RedisServer server) {
        try {
            return server.info("replication", "role").filter("master"::equals).isPresent();
        } catch (JedisException e) {
            return false;
        }
    }

    @Override
    public void close() {
        Stream.concat(sentinels.stream(), servers.stream().sorted(Comparator.comparing(RedisServer::port)))
                .forEach(RedisServer::close);
    }
}
