package io.snowline.coordination.redis;

import java.util.HashMap;
import java.util.Map;
import redis.clients.jedis.HostAndPort;

/**
 * Where servers are reached whose announced addresses lead nowhere from here.
 *
 * @param servers by the announced address; port 0 stands for every port
 */
record AddressMap(Map<HostAndPort, HostAndPort> servers) {

    private static final int EVERY_PORT = 0;

    /**
     * @throws IllegalArgumentException if an address is neither a host nor a host and a port, or only one of a pair has
     *     a port
     */
    static AddressMap of(Map<String, String> addresses) {
        Map<HostAndPort, HostAndPort> servers = new HashMap<>();
        addresses.forEach((announced, reachable) -> {
            HostAndPort from = RedisUri.address("addresses", announced, announced, EVERY_PORT);
            HostAndPort to = RedisUri.address("addresses", reachable, reachable, EVERY_PORT);
            if ((from.getPort() == EVERY_PORT) != (to.getPort() == EVERY_PORT)) {
                throw new IllegalArgumentException(
                        "addresses must be host:port to host:port, or host to host, got '%s' to '%s'"
                                .formatted(announced, reachable));
            }
            servers.put(from, to);
        });
        return new AddressMap(Map.copyOf(servers));
    }

    /** Returns where a server is reached; the announced address if there is no other. */
    HostAndPort reach(HostAndPort announced) {
        HostAndPort exact = servers.get(announced);
        HostAndPort host = servers.get(new HostAndPort(announced.getHost(), EVERY_PORT));
        if (exact != null) {
            return exact;
        }
        return host == null ? announced : new HostAndPort(host.getHost(), announced.getPort());
    }
}
