package io.snowline.coordination.redis;

import io.snowline.coordination.support.Secrets;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * The address of a single server: {@code redis://[user[:password]@]host[:port][/database]}, {@code rediss} for TLS.
 * User and password are percent-encoded where they contain characters other than letters, digits and {@code -._~}.
 */
record RedisUri(
        boolean tls,
        HostAndPort address,
        @Nullable String user,
        @Nullable String password,
        @Nullable Integer database) {

    static final int DEFAULT_PORT = 6379;

    private static final Pattern URI_TEXT =
            Pattern.compile("(rediss?)://(?:([^@/?#]*)@)?([^@/?#]+)(?:/([0-9]{1,5})?)?", Pattern.CASE_INSENSITIVE);

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:\\[\\]/@]+)(?::([0-9]{1,5}))?");

    /** @throws IllegalArgumentException if the text has any other form; the message does not show the password */
    static RedisUri parse(String text) {
        Matcher matcher = URI_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "uri must be redis://[user:password@]host[:port][/database], or rediss://"
                            + " for TLS, with user and password percent-encoded, got '" + Secrets.maskLogin(text)
                            + "'");
        }
        boolean tls = matcher.group(1).toLowerCase(Locale.ROOT).equals("rediss");
        // The part is not shown: it may be a login whose host was forgotten.
        HostAndPort address = address("after '://' or the login, uri", matcher.group(3), "***", DEFAULT_PORT);
        String login = matcher.group(2) == null ? "" : matcher.group(2);
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        String password = colon < 0 ? "" : login.substring(colon + 1);
        Integer database = matcher.group(4) == null ? null : Integer.valueOf(matcher.group(4));
        return new RedisUri(tls, address, decode(user), decode(password), database);
    }

    private static @Nullable String decode(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("uri must have user and password percent-encoded", e);
        }
    }

    /**
     * @param property the setting that holds the address, for the message
     * @param shown the address in the message
     * @throws IllegalArgumentException if the text is not an address
     */
    static HostAndPort address(String property, String text, String shown, int defaultPort) {
        Matcher matcher = ADDRESS.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("%s must be host:port, got '%s'".formatted(property, shown));
        }
        boolean given = matcher.group(2) != null;
        int port = given ? Integer.parseInt(matcher.group(2)) : defaultPort;
        if (given && (port < 1 || port > 65535)) {
            throw new IllegalArgumentException(property + " must have a port from 1 to 65535, got '" + shown + "'");
        }
        return new HostAndPort(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
    }

    /** @throws IllegalArgumentException if there is no address, or one of them is invalid */
    static List<HostAndPort> addresses(String property, List<String> texts, int defaultPort) {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException(property + " must name at least one host:port, got none");
        }
        return texts.stream()
                .map(text -> address(property, text, Secrets.maskLogin(text), defaultPort))
                .toList();
    }

    static String list(Collection<HostAndPort> addresses) {
        return addresses.stream().map(RedisUri::text).collect(Collectors.joining(", "));
    }

    /** Returns an address with an IPv6 host in brackets, which Jedis leaves out. */
    static String text(HostAndPort address) {
        String host = address.getHost();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    @Override
    public String toString() {
        return "%s://%s%s".formatted(tls ? "rediss" : "redis", text(address), database == null ? "" : "/" + database);
    }
}
