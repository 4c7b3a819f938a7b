package io.snowline.server.http;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.DecodedId;
import io.snowline.id.IdUnavailableException;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.http.Router.RouteMatch;
import io.snowline.server.issuing.IdOrder;
import io.snowline.server.issuing.Issuer;
import io.snowline.server.issuing.Recording;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongFunction;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.RetainableByteBuffer;
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
    private static final Set<Representation> OF_DECODED = EnumSet.of(Representation.JSON);
    private static final List<String> PARAMETERS_OF_DECODED = List.of("count", "format", "node");

    private final Issuer issuer;
    private final GeneratorSettings settings;
    private final BearerTokens tokens;

    IdService(Issuer issuer) {
        this.issuer = issuer;
        this.settings = issuer.settings();
        this.tokens = new BearerTokens(settings.tokens());
    }

    /** Answers a call, immediately or later, without blocking. */
    void answer(RouteMatch<IdService> target, Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(request, response, callback);
        exchange.run(() -> {
            target.call().check(request.getMethod());
            tokens.check(request.getHeaders());
            requireNoBody(request);
            switch (target.call()) {
                case ONE -> issueOne(exchange);
                case MANY -> issueMany(exchange);
                case DECODE -> decode(target.id(), exchange);
                case TIMES -> times(exchange);
            }
        });
    }

    /** A request and its answer, which is counted when it is sent. */
    private final class Exchange {

        private final Request request;
        private final Response response;
        private final Callback callback;

        Exchange(Request request, Response response, Callback callback) {
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        /** Runs a step; if it throws, the exception is the answer, and if even that fails, the connection ends. */
        void run(Runnable step) {
            try {
                attempt(step);
            } catch (RuntimeException | Error e) {
                callback.failed(e);
            }
        }

        private void attempt(Runnable step) {
            try {
                step.run();
            } catch (RefusedRequestException e) {
                refuse(e);
            } catch (RuntimeException | Error e) {
                fail(e);
            }
        }

        /** Runs a step that may block. */
        void runElsewhere(Runnable step) {
            try {
                executor().execute(() -> run(step));
            } catch (RejectedExecutionException e) {
                throw unavailable("the server is stopping", Duration.ZERO);
            }
        }

        void send(IdWriter writer, long[] ids, int count) {
            issuer.answered(HttpStatus.OK_200);
            RetainableByteBuffer buffer = Answers.buffer(request, writer.longest(count));
            int length = writer.write(ids, count, buffer.getByteBuffer().array());
            Answers.send(response, writer.representation(), buffer, length, callback);
        }

        void send(byte[] json) {
            issuer.answered(HttpStatus.OK_200);
            Answers.send(response, json, callback);
        }

        Representation choose(Set<Representation> offered) {
            return Representation.choose(request.getHeaders(), offered);
        }

        QueryParameters query() {
            return QueryParameters.parse(request.getHttpURI().getQuery());
        }

        Executor executor() {
            return request.getConnectionMetaData().getConnector().getExecutor();
        }

        void refuse(RefusedRequestException why) {
            issuer.answered(why.status());
            Answers.refuse(response, why, callback);
        }

        void fail(Throwable why) {
            issuer.answered(HttpStatus.INTERNAL_SERVER_ERROR_500);
            if (why instanceof Error) {
                callback.failed(why); // there may be no memory left for an answer
            } else {
                Answers.fail(response, why, callback);
            }
        }
    }

    // ---- issuing ----

    private void issueOne(Exchange exchange) {
        Representation representation = exchange.choose(OF_ONE);
        IdRequest asked = IdRequest.one(exchange.query(), settings);
        issuer.issue(
                new Order(exchange, asked, new IdWriter.One(asked.notation(), representation)), exchange.executor());
    }

    private void issueMany(Exchange exchange) {
        Representation representation = exchange.choose(OF_MANY);
        IdRequest asked = IdRequest.batch(exchange.query(), settings);
        issuer.issue(
                new Order(exchange, asked, new IdWriter.Many(asked.notation(), representation)), exchange.executor());
    }

    /** A request that waits for its IDs, and writes them. */
    private final class Order extends IdOrder {

        private final Exchange exchange;
        private final IdWriter writer;

        Order(Exchange exchange, IdRequest asked, IdWriter writer) {
            super(asked.count(), asked.node());
            this.exchange = exchange;
            this.writer = writer;
        }

        @Override
        protected void issued(long[] ids) {
            exchange.run(() -> exchange.send(writer, ids, count()));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            exchange.run(() -> {
                throw unavailable(
                        "no ID of namespace '%s' can be issued safely now: %s"
                                .formatted(settings.namespace(), reason(why)),
                        why.retryAfter());
            });
        }

        @Override
        protected void failed(Throwable why) {
            exchange.fail(why);
        }
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
        issuer.ledger()
                .ifPresentOrElse(
                        ledger -> exchange.runElsewhere(
                                () -> exchange.send(DecodedText.json(decoded, notation, lookUp(decoded.id(), ledger)))),
                        () -> exchange.send(DecodedText.json(decoded, notation, Optional.empty())));
    }

    private void times(Exchange exchange) {
        exchange.choose(OF_DECODED);
        exchange.send(TimesText.json(exchange.query(), settings.layout()));
    }

    private DecodedId decoded(long id) {
        try {
            return settings.layout().decode(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Recording> lookUp(long id, LongFunction<Recording> ledger) {
        try {
            return Optional.of(ledger.apply(id));
        } catch (CoordinatorUnavailableException e) {
            throw unavailable("coordinator unavailable", Duration.ZERO);
        }
    }

    /** Names the reason; its details, which tell where the backend is, are for the log and the health check. */
    private static String reason(IdUnavailableException why) {
        String reason = why.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return why.reason() == IdUnavailableException.Reason.NO_FREE_NODE ? reason + ", " + why.getMessage() : reason;
    }

    /**
     * Makes sure that a request has no body: a count in it would go unnoticed.
     *
     * @throws RefusedRequestException if it has one
     */
    private static void requireNoBody(Request request) {
        if (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            throw RefusedRequestException.badRequest(
                    "the body must be empty, as parameters are read from the query alone; write ?count=5");
        }
    }

    private static RefusedRequestException unavailable(String message, Duration retryAfter) {
        long seconds = Math.max(1, (retryAfter.toMillis() + 999) / 1000);
        return new RefusedRequestException(503, message, Map.of("Retry-After", Long.toString(seconds)));
    }
}
