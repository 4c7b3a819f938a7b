package io.snowline.coordination.redis;

import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.HostAndPort;

/** Reads addresses: {@code host}, {@code host:port} or {@code [IPv6]:port}. */
final class RedisAddress {

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:\\[\\]/@]+)(?::([0-9]{1,5}))?");

    private RedisAddress() {}

    /**
     * @param property the setting that holds the address, for the message
     * @throws IllegalArgumentException if the text is not an address
     */
    static HostAndPort parse(String property, String text, int defaultPort) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(property + " must be host:port, got '" + text + "'");
        }
        int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException(property + " must have a port from 1 to 65535, got '" + text + "'");
        }
        return new HostAndPort(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    /** @throws IllegalArgumentException if there is no address, or one of them is invalid */
    static List<HostAndPort> parseAll(String property, List<String> texts, int defaultPort) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(property + " must name at least one host:port, got none");
        }
        return texts.stream().map(text -> parse(property, text, defaultPort)).toList();
    }

    static String list(Collection<HostAndPort> addresses) {
        return addresses.stream().map(HostAndPort::toString).collect(Collectors.joining(", "));
    }
}
