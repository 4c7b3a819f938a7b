package io.snowline.coordination.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    /** @throws IllegalArgumentException if the text has any other form; the message does not show the password */
    static RedisUri parse(String text) {
        Matcher matcher = URI_TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "uri must be redis://[user:password@]host[:port][/database], or rediss://"
                            + " for TLS, with user and password percent-encoded, got '" + mask(text) + "'");
        }
        boolean tls = matcher.group(1).toLowerCase(Locale.ROOT).equals("rediss");
        HostAndPort address = RedisAddress.parse("uri", matcher.group(3), DEFAULT_PORT);
        String login = matcher.group(2) == null ? "" : matcher.group(2);
        int colon = login.indexOf(':');
        String user = colon < 0 ? login : login.substring(0, colon);
        String password = colon < 0 ? "" : login.substring(colon + 1);
        Integer database = matcher.group(4) == null ? null : Integer.valueOf(matcher.group(4));
        return new RedisUri(tls, address, decode(user), decode(password), database);
    }

    /** Returns the text of a URI without its password, however malformed it may be. */
    static String mask(String text) {
        int at = text.lastIndexOf('@');
        int start = text.indexOf("://") + 3;
        if (at < 0 || start < 3 || start > at) {
            return at < 0 ? text : "***" + text.substring(at);
        }
        int colon = text.indexOf(':', start);
        boolean withUser = colon >= 0 && colon < at;
        return text.substring(0, withUser ? colon + 1 : start) + "***" + text.substring(at);
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

    @Override
    public String toString() {
        return "%s://%s%s".formatted(tls ? "rediss" : "redis", address, database == null ? "" : "/" + database);
    }
}
