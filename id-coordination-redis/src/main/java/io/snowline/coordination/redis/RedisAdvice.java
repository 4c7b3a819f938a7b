package io.snowline.coordination.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** Warns about a Redis that is set up in a way that can cost records. */
final class RedisAdvice {

    private RedisAdvice() {}

    static List<String> on(List<ServerInfo> servers) {
        List<String> advice = new ArrayList<>();
        for (ServerInfo server : servers) {
            onEviction(server, advice);
            onReplication(server, advice);
        }
        return advice;
    }

    private static void onEviction(ServerInfo server, List<String> advice) {
        server.field("maxmemory_policy")
                .filter(policy -> !policy.equals("noeviction"))
                .ifPresent(policy -> advice.add(
                        "Redis at %s has maxmemory-policy %s and may evict Snowline's records; set it to noeviction"
                                .formatted(server.address(), policy)));
    }

    /** {@code INFO} has the field {@code min_slaves_good_slaves} only if {@code min-replicas-to-write} is not 0. */
    private static void onReplication(ServerInfo server, List<String> advice) {
        boolean replicated = server.field("role").filter("master"::equals).isPresent()
                && server.field("connected_slaves")
                        .filter(count -> !count.equals("0"))
                        .isPresent();
        if (replicated && server.field("min_slaves_good_slaves").isEmpty()) {
            advice.add(
                    ("Redis at %s has replicas and min-replicas-to-write 0: cut off from them, it goes on writing what"
                                    + " a failover loses; set min-replicas-to-write to 1 and min-replicas-max-lag to 3")
                            .formatted(server.address()));
        }
    }

    /**
     * What a server reports about itself in {@code INFO}.
     *
     * @param address the server's address
     * @param fields the fields of the sections asked for
     */
    record ServerInfo(String address, Map<String, String> fields) {

        static ServerInfo ask(Connection connection, String... sections) {
            Map<String, String> fields = new HashMap<>();
            for (String section : sections) {
                Object answer = connection.executeCommand(new CommandArguments(Command.INFO).add(section));
                if (answer instanceof byte[] text) {
                    new String(text, StandardCharsets.UTF_8).lines().forEach(line -> addTo(fields, line));
                }
            }
            return new ServerInfo(RedisUri.text(connection.getHostAndPort()), fields);
        }

        Optional<String> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }

        private static void addTo(Map<String, String> fields, String line) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.startsWith("#")) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
    }
}
