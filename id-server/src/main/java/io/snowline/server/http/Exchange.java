package io.snowline.server.http;

import io.snowline.id.IdRange;
import io.snowline.id.IdUnavailableException;
import io.snowline.server.access.Client;
import io.snowline.server.access.Limit;
import io.snowline.server.issuing.IdOrder;
import io.snowline.server.issuing.Issuer;
import io.snowline.server.issuing.RangeOrder;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * A request to a namespace and its answer, which is counted when it is sent.
 *
 * <p>Not thread-safe; one thread hands it over to the next.
 */
class Exchange {

    /** The attribute of a request that has the name of its token, for the access log. */
    private static final String TOKEN_NAME = "token";

    /** Answers up to this many octets are not counted: what they take is bounded by the number of connections. */
    private static final int SMALL_ANSWER = 4_096;

    private final GuardedIssuer door;
    private final Issuer issuer;
    private final String call;
    private final Request request;
    private final Response response;
    private Callback callback;
    private Client client = Client.UNBOUNDED;

    /**
     * @param call the call's name in metrics
     */
    Exchange(GuardedIssuer door, String call, Request request, Response response, Callback callback) {
        this.door = door;
        this.issuer = door.issuer();
        this.call = call;
        this.request = request;
        this.response = response;
        this.callback = callback;
    }

    /** Runs a step; if it throws, the exception is the answer, and if even that fails, the connection ends. */
    final void run(Runnable step) {
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
            count(e.status());
            e.limit().ifPresent(issuer::limited);
            refuse(e, response, callback);
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void count(int status) {
        door.answers().count(call, request, status);
    }

    /** Writes a refusal. */
    void refuse(RefusedRequestException why, Response to, Callback whenSent) {
        Answers.refuse(to, why, whenSent);
    }

    private void fail(Throwable why) {
        count(HttpStatus.INTERNAL_SERVER_ERROR_500);
        if (why instanceof Error) {
            callback.failed(why); // there may be no memory left for an answer
        } else {
            Answers.fail(response, why, callback);
        }
    }

    // ---- who asks, and how much they may have ----

    /** Finds out whose request it is, by its Authorization. */
    final void authorize() {
        authorizeWith(Optional.empty());
    }

    /** Finds out whose request it is, by a token that was sent in another place; if there is none, by Authorization. */
    final void authorizeWith(Optional<String> token) {
        Client everyone = door.tokens().everyone(request.getHeaders());
        if (everyone != null) {
            client = everyone;
            return;
        }
        client = door.tokens()
                .withToken(
                        token.map(sent -> "Bearer " + sent)
                                .orElse(request.getHeaders().get(HttpHeader.AUTHORIZATION)),
                        request.getConnectionMetaData().getRemoteSocketAddress());
        if (!client.name().isEmpty()) {
            request.setAttribute(TOKEN_NAME, client.name());
        }
    }

    /**
     * Makes sure that the request has no body: a count in it would go unnoticed.
     *
     * @throws RefusedRequestException if it has one
     */
    final void requireNoBody() {
        if (request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING)) {
            throw RefusedRequestException.badRequest(
                    "the body must be empty, as parameters are read from the query alone; write ?count=5");
        }
    }

    /** Takes IDs from what the client may have. */
    private void charge(int count) {
        Duration wait = client.takeOfDay(count);
        if (!wait.isZero()) {
            throw tooMany(Limit.IDS_PER_DAY, door.limits().idsPerDay().orElseThrow() + " IDs in a day", wait);
        }
        wait = client.takeOfSecond(count);
        if (!wait.isZero()) {
            client.giveBackToDay(count);
            throw tooMany(Limit.IDS_PER_SECOND, door.limits().idsPerSecond().orElseThrow() + " IDs in a second", wait);
        }
    }

    private static RefusedRequestException tooMany(Limit limit, String most, Duration wait) {
        return RefusedRequestException.exceeded(
                limit, HttpStatus.TOO_MANY_REQUESTS_429, "a client of this namespace may take at most " + most, wait);
    }

    /** Counts the octets of a large answer until it has been sent. */
    final void reserve(long octets) {
        if (octets <= SMALL_ANSWER) {
            return;
        }
        if (!door.answersInFlight().add(octets)) {
            throw RefusedRequestException.exceeded(
                    Limit.ANSWERS_IN_FLIGHT,
                    HttpStatus.SERVICE_UNAVAILABLE_503,
                    "the server is sending as much as it may at the same time",
                    Duration.ZERO);
        }
        callback = Callback.from(() -> door.answersInFlight().remove(octets), callback);
    }

    /**
     * Runs a step that waits for the backend. Without a bound, a backend that hangs would hold every thread.
     */
    final void lookUp(Runnable step) {
        if (!door.lookUps().tryAcquire()) {
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
                    door.lookUps().release();
                }
            });
        } catch (RejectedExecutionException e) {
            door.lookUps().release();
            throw RefusedRequestException.unavailable("the server is stopping", Duration.ZERO);
        }
    }

    private Executor executor() {
        return request.getConnectionMetaData().getConnector().getExecutor();
    }

    // ---- issuing ----

    /**
     * Has IDs issued.
     *
     * @param node the node id to issue them for, in recorded mode
     * @param answer takes them; they are at the beginning of the array, which is the issuer's again afterwards
     */
    final void issue(int count, OptionalInt node, Consumer<long[]> answer) {
        charge(count);
        issuer.issue(new IdsForAnswer(count, node, answer), executor());
    }

    private final class IdsForAnswer extends IdOrder {

        private final Consumer<long[]> answer;

        IdsForAnswer(int count, OptionalInt node, Consumer<long[]> answer) {
            super(count, node);
            this.answer = answer;
        }

        @Override
        protected void issued(long[] ids) {
            issuer.issuedTo(client.name(), count());
            run(() -> answer.accept(ids));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            refuseIssuing(count(), why);
        }

        @Override
        protected void failed(Throwable why) {
            client.giveBack(count());
            fail(why);
        }
    }

    /**
     * Has a range issued.
     *
     * @param answer takes it
     */
    final void issueRange(int atMost, Consumer<IdRange> answer) {
        charge(atMost);
        issuer.issue(new RangeForAnswer(atMost, answer), executor());
    }

    private final class RangeForAnswer extends RangeOrder {

        private final Consumer<IdRange> answer;

        RangeForAnswer(int atMost, Consumer<IdRange> answer) {
            super(atMost);
            this.answer = answer;
        }

        @Override
        protected void issued(IdRange range) {
            client.giveBack(atMost() - range.count());
            issuer.issuedTo(client.name(), range.count());
            run(() -> answer.accept(range));
        }

        @Override
        protected void refused(IdUnavailableException why) {
            refuseIssuing(atMost(), why);
        }

        @Override
        protected void failed(Throwable why) {
            client.giveBack(atMost());
            fail(why);
        }
    }

    private void refuseIssuing(int count, IdUnavailableException why) {
        client.giveBack(count);
        run(() -> {
            throw RefusedRequestException.unavailable(
                    "no ID of namespace '%s' can be issued safely now: %s"
                            .formatted(issuer.settings().namespace(), reason(why)),
                    why.retryAfter());
        });
    }

    /** Names the reason; its details, which tell where the backend is, are for the log and the health check. */
    private static String reason(IdUnavailableException why) {
        String reason = why.reason().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return why.reason() == IdUnavailableException.Reason.NO_FREE_NODE ? reason + ", " + why.getMessage() : reason;
    }

    // ---- reading and writing ----

    final Representation choose(Set<Representation> offered) {
        return Representation.choose(request.getHeaders(), offered);
    }

    final QueryParameters query() {
        return QueryParameters.parse(request.getHttpURI().getQuery());
    }

    final void send(IdWriter writer, long[] ids, int count) {
        count(HttpStatus.OK_200);
        RetainableByteBuffer buffer = Answers.buffer(request, writer.longest(count));
        int length = writer.write(ids, count, buffer.getByteBuffer().array());
        Answers.send(response, writer.representation(), buffer, length, callback);
    }

    final void send(HttpField contentType, byte[] body) {
        count(HttpStatus.OK_200);
        Answers.send(response, contentType, body, callback);
    }
}
