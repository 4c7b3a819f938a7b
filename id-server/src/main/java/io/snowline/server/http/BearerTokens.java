package io.snowline.server.http;

import io.snowline.server.access.Client;
import io.snowline.server.access.Clients;
import io.snowline.server.access.FailedLogins;
import io.snowline.server.access.Limit;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * Asks requests to a namespace for one of its tokens; without any, it is open to everyone.
 *
 * <p>Thread-safe.
 */
final class BearerTokens {

    private static final String SCHEME = "Bearer ";

    private final Clients clients;
    private final FailedLogins failures;

    BearerTokens(Clients clients, FailedLogins failures) {
        this.clients = clients;
        this.failures = failures;
    }

    /**
     * Returns everyone, if a request needs no token; null if it does.
     *
     * @throws RefusedRequestException with 400 if it has more than one Authorization
     */
    @Nullable
    Client everyone(HttpFields headers) {
        if (headers.contains(HttpHeader.AUTHORIZATION)
                && headers.getFields(HttpHeader.AUTHORIZATION).size() > 1) {
            throw RefusedRequestException.badRequest("Authorization must be given once");
        }
        return clients.everyone();
    }

    /**
     * Makes sure that a request has a token, and returns whose it is.
     *
     * @throws RefusedRequestException with 401 if it has none of the namespace's; with 429 if its address has sent too
     *     many wrong ones
     */
    Client withToken(@Nullable String authorization, SocketAddress from) {
        Duration wait = failures.waitLeft(from);
        if (!wait.isZero()) {
            throw RefusedRequestException.exceeded(
                    Limit.FAILED_LOGINS, 429, "this address has sent too many wrong tokens", wait);
        }
        return token(authorization).flatMap(clients::withToken).orElseThrow(() -> {
            if (authorization != null) {
                failures.failed(from);
            }
            return unauthorized(authorization == null ? "none" : "another");
        });
    }

    private static Optional<String> token(@Nullable String authorization) {
        return authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.empty()
                : Optional.of(authorization.substring(SCHEME.length()).strip());
    }

    private static RefusedRequestException unauthorized(String got) {
        return new RefusedRequestException(
                401,
                "this namespace must be asked with Authorization: Bearer and one of its tokens, got " + got,
                Map.of("WWW-Authenticate", "Bearer"));
    }
}
