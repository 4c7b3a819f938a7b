package io.snowline.server.http;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.DecodedId;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.http.Router.RouteMatch;
import io.snowline.server.issuing.Recording;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers the calls of one namespace: reads the request, has the IDs issued, and writes the answer.
 *
 * <p>Thread-safe.
 */
final class IdService {

    private static final Set<Representation> OF_ONE = EnumSet.of(Representation.JSON, Representation.TEXT);
    private static final Set<Representation> OF_MANY = EnumSet.allOf(Representation.class);
    private static final Set<Representation> OF_A_RANGE = EnumSet.of(Representation.JSON, Representation.OCTETS);
    private static final Set<Representation> OF_DECODED = EnumSet.of(Representation.JSON);
    private static final List<String> PARAMETERS_OF_DECODED = List.of("count", "format", "node");

    private final GuardedIssuer door;
    private final GeneratorSettings settings;

    IdService(GuardedIssuer door) {
        this.door = door;
        this.settings = door.settings();
    }

    /** Answers a call, immediately or later, without blocking. */
    void answer(RouteMatch<IdService> target, Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(door, request, response, callback);
        exchange.run(() -> {
            target.call().check(request.getMethod());
            exchange.authorize();
            exchange.requireNoBody();
            switch (target.call()) {
                case ONE -> issueOne(exchange);
                case MANY -> issueMany(exchange);
                case RANGE -> issueRange(exchange);
                case DECODE -> decode(target.id(), exchange);
                case TIMES -> times(exchange);
            }
        });
    }

    private void issueOne(Exchange exchange) {
        Representation representation = exchange.choose(OF_ONE);
        IdRequest asked = IdRequest.one(exchange.query(), settings);
        issue(exchange, asked, new IdWriter.One(asked.notation(), representation));
    }

    private void issueMany(Exchange exchange) {
        Representation representation = exchange.choose(OF_MANY);
        IdRequest asked = IdRequest.batch(exchange.query(), settings);
        IdWriter writer = new IdWriter.Many(asked.notation(), representation);
        exchange.reserve(writer.longest(asked.count()) + (long) Long.BYTES * asked.count());
        issue(exchange, asked, writer);
    }

    private static void issue(Exchange exchange, IdRequest asked, IdWriter writer) {
        exchange.issue(asked.count(), asked.node(), ids -> exchange.send(writer, ids, asked.count()));
    }

    private void issueRange(Exchange exchange) {
        Representation representation = exchange.choose(OF_A_RANGE);
        int atMost = IdRequest.range(exchange.query(), settings);
        exchange.issueRange(
                atMost,
                range -> exchange.send(
                        representation.contentType(),
                        representation == Representation.OCTETS
                                ? RangeBody.octets(range, settings.namespace(), settings.rangeGoodFor())
                                : RangeBody.json(range, settings.rangeGoodFor())));
    }

    // ---- decoding ----

    private void decode(String text, Exchange exchange) {
        exchange.choose(OF_DECODED);
        QueryParameters query = exchange.query();
        query.requireOnly(PARAMETERS_OF_DECODED);
        query.refuse("count", "belongs to requests for new IDs");
        query.refuse("node", "belongs to requests for new IDs");
        IdNotation notation = IdNotation.of(query);
        DecodedId decoded = decoded(notation.parse(text));
        Optional<LongFunction<Recording>> ledger = door.issuer().ledger();
        if (ledger.isPresent()) {
            exchange.lookUp(() -> send(exchange, decoded, notation, Optional.of(lookUp(decoded.id(), ledger.get()))));
        } else {
            send(exchange, decoded, notation, Optional.empty());
        }
    }

    private static void send(Exchange exchange, DecodedId decoded, IdNotation notation, Optional<Recording> recording) {
        exchange.send(Representation.JSON.contentType(), DecodedText.json(decoded, notation, recording));
    }

    private void times(Exchange exchange) {
        exchange.choose(OF_DECODED);
        exchange.send(Representation.JSON.contentType(), TimesText.json(exchange.query(), settings.layout()));
    }

    private DecodedId decoded(long id) {
        try {
            return settings.layout().decode(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Recording lookUp(long id, LongFunction<Recording> ledger) {
        try {
            return ledger.apply(id);
        } catch (CoordinatorUnavailableException e) {
            throw RefusedRequestException.unavailable("coordinator unavailable", Duration.ZERO);
        }
    }
}
