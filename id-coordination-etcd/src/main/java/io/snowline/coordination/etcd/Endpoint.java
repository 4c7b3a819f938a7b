package io.snowline.coordination.etcd;

import io.snowline.coordination.support.Secrets;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The address of a member's client port.
 *
 * @param tls whether it is {@code https://}
 * @param host a name or an address; IPv6 in brackets
 */
record Endpoint(boolean tls, String host, int port) {

    private static final int DEFAULT_PORT = 2379;

    /**
     * Reads {@code http://host[:port]} or {@code https://host[:port]}.
     *
     * @throws IllegalArgumentException if the text has any other form
     */
    static Endpoint parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw invalid(text, e);
        }
        boolean tls = "https".equals(uri.getScheme());
        boolean nothingElse = uri.getRawUserInfo() == null
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null
                && (uri.getRawPath() == null || uri.getRawPath().isEmpty());
        boolean valid = (tls || "http".equals(uri.getScheme())) && uri.getHost() != null && nothingElse;
        if (!valid || uri.getPort() == 0 || uri.getPort() > 65_535) {
            throw invalid(text, null);
        }
        return new Endpoint(tls, uri.getHost(), uri.getPort() == -1 ? DEFAULT_PORT : uri.getPort());
    }

    private static IllegalArgumentException invalid(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "endpoints must be http://host[:port] or https://host[:port], got '%s'"
                        .formatted(Secrets.maskLogin(text)),
                cause);
    }

    static String list(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return "%s://%s:%s".formatted(tls ? "https" : "http", host, port);
    }
}
