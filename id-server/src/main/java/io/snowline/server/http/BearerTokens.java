package io.snowline.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that open a namespace; without any, it is open to everyone.
 *
 * <p>Immutable and thread-safe.
 */
final class BearerTokens {

    private static final String SCHEME = "Bearer ";

    private final List<byte[]> tokens;

    BearerTokens(List<String> tokens) {
        this.tokens = tokens.stream()
                .map(token -> token.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    /**
     * Makes sure that a request is authorized.
     *
     * @throws RefusedRequestException with 401 if the request is not; with 400 if it has more than one Authorization
     */
    void check(HttpFields headers) {
        String authorization = headers.get(HttpHeader.AUTHORIZATION);
        if (authorization != null && headers.getFields(HttpHeader.AUTHORIZATION).size() > 1) {
            throw RefusedRequestException.badRequest("Authorization must be given once");
        }
        if (!tokens.isEmpty() && !accepts(authorization)) {
            throw new RefusedRequestException(
                    401,
                    "this namespace must be asked with Authorization: Bearer and one of its tokens, got "
                            + (authorization == null ? "none" : "another"),
                    Map.of("WWW-Authenticate", "Bearer"));
        }
    }

    private boolean accepts(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return false;
        }
        byte[] given = authorization.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
        boolean accepted = false;
        for (byte[] token : tokens) {
            accepted |= MessageDigest.isEqual(token, given); // compares all of them, so that timing reveals nothing
        }
        return accepted;
    }
}
