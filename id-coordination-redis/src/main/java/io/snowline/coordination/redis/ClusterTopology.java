package io.snowline.coordination.redis;

import io.snowline.coordination.CoordinatorUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The masters of a Cluster, which one of its nodes tells. Jedis' own Cluster client is not used: it cannot read the
 * answer of a node that leaves out the host (redis.io, "CLUSTER SLOTS", {@code cluster-preferred-endpoint-type}), and it
 * does not say which node failed.
 *
 * <p>Thread-safe.
 */
final class ClusterTopology implements Topology {

    private static final String NO_HOST = "?";

    private final Connector connector;
    private final List<HostAndPort> nodes;

    ClusterTopology(Connector connector, List<HostAndPort> nodes) {
        this.connector = connector;
        this.nodes = List.copyOf(nodes);
    }

    @Override
    public MasterConnections find() {
        List<HostAndPort> shuffled = new ArrayList<>(nodes);
        Collections.shuffle(shuffled);
        List<CoordinatorUnavailableException> failures = new ArrayList<>();
        for (HostAndPort node : shuffled) {
            Peer peer = Peer.node(toString(), RedisUri.text(node), connector.tls());
            try (Connection connection = connector.connect(node)) {
                Object slots = connection.executeCommand(new CommandArguments(Command.CLUSTER).add("SLOTS"));
                return new Masters(owners(peer, node, slots));
            } catch (JedisException e) {
                failures.add(RedisFailures.explain(e, peer, false));
            } catch (CoordinatorUnavailableException e) {
                failures.add(e);
            }
        }
        throw RedisFailures.together(failures);
    }

    /** Returns the owner of each range of slots, by its first slot; the owner of what nobody serves has no host. */
    private NavigableMap<Integer, HostAndPort> owners(Peer peer, HostAndPort asked, @Nullable Object slots) {
        NavigableMap<Integer, HostAndPort> owners = new TreeMap<>();
        if (slots instanceof List<?> ranges) {
            for (Object each : ranges) {
                if (each instanceof List<?> range
                        && range.size() >= 3
                        && range.get(0) instanceof Long first
                        && range.get(1) instanceof Long last
                        && range.get(2) instanceof List<?> master
                        && master.size() >= 2
                        && master.get(1) instanceof Long port) {
                    owners.put(first.intValue(), host(peer, asked, master.get(0), port.intValue()));
                    owners.putIfAbsent(last.intValue() + 1, new HostAndPort(NO_HOST, 0));
                }
            }
        }
        if (owners.isEmpty()) {
            throw new CoordinatorUnavailableException(peer + " knows no master; has the Cluster been formed?");
        }
        return owners;
    }

    /** Returns where a master is: an absent host means the one asked. */
    private HostAndPort host(Peer peer, HostAndPort asked, @Nullable Object host, int port) {
        String name = host instanceof byte[] text ? new String(text, StandardCharsets.UTF_8) : "";
        if (name.equals(NO_HOST)) {
            throw new CoordinatorUnavailableException(
                    ("%s does not know the host name of a master; set cluster-announce-hostname there, or"
                                    + " cluster-preferred-endpoint-type to ip")
                            .formatted(peer));
        }
        return connector.reach(new HostAndPort(name.isEmpty() ? asked.getHost() : name, port));
    }

    @Override
    public String toString() {
        return "Redis Cluster at " + RedisUri.list(nodes);
    }

    /** What a node has told. */
    private final class Masters implements MasterConnections {

        private final NavigableMap<Integer, HostAndPort> owners;
        private final Map<HostAndPort, Master> masters = new ConcurrentHashMap<>();

        Masters(NavigableMap<Integer, HostAndPort> owners) {
            this.owners = owners;
        }

        @Override
        public Master owner(String key) {
            int slot = JedisClusterCRC16.getSlot(key);
            Map.Entry<Integer, HostAndPort> owner = owners.floorEntry(slot);
            if (owner == null || owner.getValue().getHost().equals(NO_HOST)) {
                throw new CoordinatorUnavailableException("%s has no master for slot %s; see redis-cli --cluster check"
                        .formatted(ClusterTopology.this, slot));
            }
            return at(owner.getValue());
        }

        @Override
        public Master importer(Master from, HostAndPort announced) {
            String host = announced.getHost();
            return at(
                    host.isEmpty() || host.equals(NO_HOST)
                            ? new HostAndPort(from.address().getHost(), announced.getPort())
                            : connector.reach(announced));
        }

        private Master at(HostAndPort address) {
            return masters.computeIfAbsent(
                    address,
                    there -> connector.master(there, Peer.master(name(), RedisUri.text(there), connector.tls())));
        }

        private String name() {
            return ClusterTopology.this.toString();
        }

        @Override
        public Collection<Master> masters() {
            return owners.values().stream()
                    .filter(owner -> !owner.getHost().equals(NO_HOST))
                    .distinct()
                    .map(this::at)
                    .toList();
        }

        @Override
        public void close() {
            masters.values().forEach(master -> master.pool().close());
        }
    }
}
