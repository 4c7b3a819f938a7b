package io.snowline.server.http;

import io.snowline.coordination.CoordinatorUnavailableException;
import io.snowline.id.DecodedId;
import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.server.access.Access;
import io.snowline.server.access.AnswersInFlight;
import io.snowline.server.access.Client;
import io.snowline.server.access.Limit;
import io.snowline.server.access.Limits;
import io.snowline.server.config.GeneratorSettings;
import io.snowline.server.http.Router.RouteMatch;
import io.snowline.server.issuing.IdOrder;
import io.snowline.server.issuing.Issuer;
import io.snowline.server.issuing.RangeOrder;
import io.snowline.server.issuing.Recording;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
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
    private static final Set<Representation> OF_A_RANGE = EnumSet.of(Representation.JSON, Representation.OCTETS);
    private static final Set<Representation> OF_DECODED = EnumSet.of(Representation.JSON);
    private static final List<String> PARAMETERS_OF_DECODED = List.of("count", "format", "node");

    /** The attribute of a request that has the name of its token, for the access log. */
    private static final String TOKEN_NAME = "token";

    /** Answers up to this many octets are not counted: what they take is bounded by the number of connections. */
    private static final int SMALL_ANSWER = 4_096;

    private final Issuer issuer;
    private final GeneratorSettings settings;
    private final BearerTokens tokens;
    private final AnswersInFlight answersInFlight;
    private final Limits limits;
    private final Semaphore lookUps;
    private final AnswerCounter answers;

    IdService(Issuer issuer, Access access) {
        this.issuer = issuer;
        this.settings = issuer.settings();
        this.tokens = new BearerTokens(
                access.clients(settings.namespace(), settings.tokens(), !settings.leased()), access.failedLogins());
        this.answersInFlight = access.answersInFlight();
        this.limits = access.limits();
        this.lookUps = new Semaphore(limits.lookUps());
        this.answers = new AnswerCounter(issuer);
    }

    /** Answers a call, immediately or later, without blocking. */
    void answer(RouteMatch<IdService> target, Request request, Response response, Callback callback) {
        Exchange exchange = new Exchange(target.call(), request, response, callback);
        exchange.run(() -> {
            target.call().check(request.getMethod());
            exchange.authorize();
            requireNoBody(request);
            switch (target.call()) {
                case ONE -> issueOne(exchange);
                case MANY -> issueMany(exchange);
                case RANGE -> issueRange(exchange);
                case DECODE -> decode(target.id(), exchange);
            }
        });
    }

    /** A request and its answer, which is counted when it is sent. */
    private final class Exchange {

        private final Route call;
        private final Request request;
        private final Response response;
        private Callback callback;
        private Client client = Client.UNBOUNDED;

        Exchange(Route call, Request request, Response response, Callback callback) {
            this.call = call;
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

        /** Finds out whose request it is. */
        void authorize() {
            Client everyone = tokens.everyone(request.getHeaders());
            if (everyone != null) {
                client = everyone;
                return;
            }
            client = tokens.withToken(
                    request.getHeaders().get(HttpHeader.AUTHORIZATION),
                    request.getConnectionMetaData().getRemoteSocketAddress());
            if (!client.name().isEmpty()) {
                request.setAttribute(TOKEN_NAME, client.name());
            }
        }

        /** Takes IDs from what the client may have. */
        void charge(int count) {
            Duration wait = client.takeOfDay(count);
            if (!wait.isZero()) {
                throw tooMany(Limit.IDS_PER_DAY, limits.idsPerDay().orElseThrow() + " IDs in a day", wait);
            }
            wait = client.takeOfSecond(count);
            if (!wait.isZero()) {
                client.giveBackToDay(count);
                throw tooMany(Limit.IDS_PER_SECOND, limits.idsPerSecond().orElseThrow() + " IDs in a second", wait);
            }
        }

        /** Counts the octets of a large answer until it has been sent. */
        void reserve(long octets) {
            if (octets <= SMALL_ANSWER) {
                return;
            }
            if (!answersInFlight.add(octets)) {
                throw RefusedRequestException.exceeded(
                        Limit.ANSWERS_IN_FLIGHT,
                        HttpStatus.SERVICE_UNAVAILABLE_503,
                        "the server is sending as much as it may at the same time",
                        Duration.ZERO);
            }
            callback = Callback.from(() -> answersInFlight.remove(octets), callback);
        }

        /**
         * Runs a step that waits for the backend. Without a bound, a backend that hangs would hold every thread.
         */
        void lookUp(Runnable step) {
            if (!lookUps.tryAcquire()) {
                throw RefusedRequestException.exceeded(
                        Limit.LOOK_UPS,
                        HttpStatus.SERVICE_UNAVAILABLE_503,
                        "the server is looking up as many records as it may at the same time",
                        Duration.ZERO);
            }
            try {
                executor().execute(() -> {
                    try {
                        run(step);
                    } finally {
                        lookUps.release();
                    }
                });
            } catch (RejectedExecutionException e) {
                lookUps.release();
                throw unavailable("the server is stopping", Duration.ZERO);
            }
        }

        void send(IdWriter writer, long[] ids, int count) {
            answers.count(call, request, HttpStatus.OK_200);
            RetainableByteBuffer buffer = Answers.buffer(request, writer.longest(count));
            int length = writer.write(ids, count, buffer.getByteBuffer().array());
            Answers.send(response, writer.representation(), buffer, length, callback);
        }

        void send(Representation representation, byte[] body) {
            answers.count(call, request, HttpStatus.OK_200);
            Answers.send(response, representation, body, callback);
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
            answers.count(call, request, why.status());
            why.limit().ifPresent(issuer::limited);
            Answers.refuse(response, why, callback);
        }

        void fail(Throwable why) {
            answers.count(call, request, HttpStatus.INTERNAL_SERVER_ERROR_500);
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
        exchange.charge(1);
        issuer.issue(
                new Order(exchange, asked, new IdWriter.One(asked.notation(), representation)), exchange.executor());
    }

    private void issueMany(Exchange exchange) {
        Representation representation = exchange.choose(OF_MANY);
        IdRequest asked = IdRequest.batch(exchange.query(), settings);
        IdWriter writer = new IdWriter.Many(asked.notation(), representation);
        exchange.reserve(writer.longest(asked.count()) + (long) Long.BYTES * asked.count());
        exchange.charge(asked.count());
        issuer.issue(new Order(exchange, asked, writer), exchange.executor());
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
            issuer.issuedTo(exchange.client.name(), count());
            exchange.run(() -> exchange.send(writer, ids, count()));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            exchange.client.giveBack(count());
            exchange.run(() -> {
                throw refusal(why);
            });
        }

        @Override
        protected void failed(Throwable why) {
            exchange.client.giveBack(count());
            exchange.fail(why);
        }
    }

    private RefusedRequestException refusal(IdUnavailableException why) {
        return unavailable(
                "no ID of namespace '%s' can be issued safely now: %s".formatted(settings.namespace(), reason(why)),
                why.retryAfter());
    }

    private void issueRange(Exchange exchange) {
        Representation representation = exchange.choose(OF_A_RANGE);
        int atMost = IdRequest.range(exchange.query(), settings);
        exchange.charge(atMost);
        issuer.issue(new OrderOfRange(exchange, atMost, representation), exchange.executor());
    }

    /** A request that waits for its range, and writes it. */
    private final class OrderOfRange extends RangeOrder {

        private final Exchange exchange;
        private final Representation representation;

        OrderOfRange(Exchange exchange, int atMost, Representation representation) {
            super(atMost);
            this.exchange = exchange;
            this.representation = representation;
        }

        @Override
        protected void issued(IdRange range) {
            exchange.client.giveBack(atMost() - range.count());
            issuer.issuedTo(exchange.client.name(), range.count());
            exchange.run(() -> exchange.send(
                    representation,
                    representation == Representation.OCTETS
                            ? RangeBody.octets(range, settings.namespace(), settings.rangeGoodFor())
                            : RangeBody.json(range, settings.rangeGoodFor())));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            exchange.client.giveBack(atMost());
            exchange.run(() -> {
                throw refusal(why);
            });
        }

        @Override
        protected void failed(Throwable why) {
            exchange.client.giveBack(atMost());
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
                        ledger -> exchange.lookUp(() -> exchange.send(
                                Representation.JSON,
                                DecodedText.json(decoded, notation, lookUp(decoded.id(), ledger)))),
                        () -> exchange.send(
                                Representation.JSON, DecodedText.json(decoded, notation, Optional.empty())));
    }

    private DecodedId decoded(long id) {
        try {
            return settings.layout().decode(id);
        } catch (IllegalArgumentException e) {
            throw RefusedRequestException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static RefusedRequestException tooMany(Limit limit, String most, Duration wait) {
        return RefusedRequestException.exceeded(
                limit, HttpStatus.TOO_MANY_REQUESTS_429, "a client of this namespace may take at most " + most, wait);
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
        return RefusedRequestException.later(HttpStatus.SERVICE_UNAVAILABLE_503, message, retryAfter);
    }
}
