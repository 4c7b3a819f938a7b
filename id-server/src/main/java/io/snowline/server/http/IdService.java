package io.snowline.server.http;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.DecodedId;
import io.snowline.id.IdUnavailableException;
import io.snowline.server.issuing.Issuer;
import io.snowline.server.issuing.Issuers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Answers calls, whatever carried them: reads what is asked for, issues, writes.
 *
 * <p>Safe for use by many threads.
 */
public final class IdService {

    private static final Set<Representation> OF_ONE = EnumSet.of(Representation.JSON, Representation.TEXT);
    private static final Set<Representation> OF_MANY = EnumSet.allOf(Representation.class);
    private static final Set<Representation> OF_DECODED = EnumSet.of(Representation.JSON);

    private final Map<String, Namespace> namespaces = new HashMap<>();

    /** Makes a service of all issuers. */
    public IdService(Issuers issuers) {
        for (Issuer issuer : issuers.all()) {
            namespaces.put(
                    issuer.settings().namespace(),
                    new Namespace(issuer, new BearerTokens(issuer.settings().tokens())));
        }
    }

    private record Namespace(Issuer issuer, BearerTokens tokens) {}

    Answer one(Call call) {
        Issuer issuer = issuer(call);
        Representation representation = Representation.choose(call.accept(), OF_ONE);
        IdRequest request = IdRequest.one(QueryParameters.parse(call.query()), issuer.settings());
        return new Answer(representation, IdWriter.one(issue(issuer, request)[0], request.notation(), representation));
    }

    Answer batch(Call call) {
        Issuer issuer = issuer(call);
        Representation representation = Representation.choose(call.accept(), OF_MANY);
        IdRequest request = IdRequest.batch(QueryParameters.parse(call.query()), issuer.settings());
        return new Answer(representation, IdWriter.many(issue(issuer, request), request.notation(), representation));
    }

    Answer decode(Call call, String text) {
        Issuer issuer = issuer(call);
        Representation representation = Representation.choose(call.accept(), OF_DECODED);
        QueryParameters query = QueryParameters.parse(call.query());
        query.refuse("count", "belongs to requests for new IDs");
        query.refuse("node", "belongs to requests for new IDs");
        IdNotation notation = IdNotation.of(query);
        long id = notation.parse(text);
        return new Answer(representation, decoded(issuer, id, notation));
    }

    private static byte[] decoded(Issuer issuer, long id, IdNotation notation) {
        DecodedId decoded;
        try {
            decoded = issuer.settings().layout().decode(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
        try {
            return IdWriter.decoded(decoded, notation, issuer.recordedAt(id));
        } catch (CoordinatorUnavailableException e) {
            throw unavailable("coordinator unavailable: " + e.getMessage(), Duration.ZERO);
        }
    }

    private Issuer issuer(Call call) {
        Namespace namespace = namespaces.get(call.namespace());
        if (namespace == null) {
            throw new RefusedRequestException(
                    404, "namespace must be one of this server's, got " + ErrorBody.quote(call.namespace()), Map.of());
        }
        namespace.tokens().check(call.authorization());
        return namespace.issuer();
    }

    private static long[] issue(Issuer issuer, IdRequest request) {
        try {
            return issuer.issue(request.count(), request.node());
        } catch (IdUnavailableException e) {
            String reason = e.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            throw unavailable(
                    "no ID of namespace '%s' can be issued safely now, %s: %s"
                            .formatted(issuer.settings().namespace(), reason, e.getMessage()),
                    e.retryAfter());
        }
    }

    private static RefusedRequestException unavailable(String message, Duration retryAfter) {
        long seconds = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
        return new RefusedRequestException(503, message, Map.of("Retry-After", Long.toString(seconds)));
    }
}
