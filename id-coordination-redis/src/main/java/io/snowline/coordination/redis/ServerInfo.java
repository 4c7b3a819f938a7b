package io.snowline.coordination.redis;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

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
        return new ServerInfo(connection.getHostAndPort().toString(), fields);
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
