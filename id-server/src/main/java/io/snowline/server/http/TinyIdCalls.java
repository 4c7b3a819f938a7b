package io.snowline.server.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.snowline.id.IdLayout;
import io.snowline.id.IdRange;
import io.snowline.server.config.CompatibilitySettings;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * TinyID's calls. A failure is a 200 as well, with a code in its body, or in the simple forms with no body at all. A
 * segment, which TinyID's own client counts through, is a range of one tick: the IDs of a tick and a node id are
 * consecutive numbers.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/didi/tinyid">TinyID</a>
 */
final class TinyIdCalls implements PeerCalls {

    private static final int BAD_TOKEN = 5;
    private static final int OTHER_FAILURE = 6;

    private final CompatibilitySettings.TinyId settings;
    private final Map<String, GuardedIssuer> namespaces;
    private final Map<String, Call> calls = new HashMap<>();

    TinyIdCalls(CompatibilitySettings.TinyId settings, String root, Map<String, GuardedIssuer> namespaces) {
        this.settings = settings;
        this.namespaces = Map.copyOf(namespaces);
        String path = root + settings.context() + "/id/";
        for (Form form : Form.values()) {
            calls.put(
                    path + "nextId" + form.suffix,
                    (request, response, callback) -> answer(form, request, response, callback, this::issueIds));
            calls.put(
                    path + "nextSegmentId" + form.suffix,
                    (request, response, callback) -> answer(form, request, response, callback, this::issueSegment));
        }
    }

    @Override
    public @Nullable Call find(String path) {
        return calls.get(path);
    }

    /** How answers are written. */
    private enum Form {
        /** An object with {@code data}, {@code code} and {@code message}. */
        JSON("", Representation.JSON, "{\"data\":[", "],\"code\":200,\"message\":\"\"}") {
            @Override
            String failure(int code, String message) {
                StringBuilder json = new StringBuilder("{\"data\":null,\"code\":" + code + ",\"message\":\"");
                JsonStringEncoder.getInstance().quoteAsString(message, json);
                return json.append("\"}").toString();
            }

            @Override
            String segment(long current, long loading, long last) {
                return "{\"data\":{\"maxId\":%s,\"loadingId\":%s,\"currentId\":%s,\"delta\":1,\"remainder\":0},\"code\":200,\"message\":\"\"}"
                        .formatted(last, loading, current);
            }
        },
        /** Numbers with commas between them; nothing after a failure. */
        SIMPLE("Simple", Representation.TEXT, "", "") {
            @Override
            String failure(int code, String message) {
                return "";
            }

            @Override
            String segment(long current, long loading, long last) {
                return current + "," + loading + "," + last + ",1,0";
            }
        };

        private final String suffix;
        private final Representation representation;
        private final String opening;
        private final String closing;

        Form(String suffix, Representation representation, String opening, String closing) {
            this.suffix = suffix;
            this.representation = representation;
            this.opening = opening;
            this.closing = closing;
        }

        abstract String failure(int code, String message);

        abstract String segment(long current, long loading, long last);

        int longest(int count) {
            return opening.length() + (IdNotation.NUMBER.longest() + 1) * count + closing.length();
        }

        byte[] list(long[] ids, int count) {
            byte[] text = Arrays.copyOf(opening.getBytes(StandardCharsets.US_ASCII), longest(count));
            int end = IdNotation.NUMBER.writeJson(ids, count, text, opening.length()) - 1; // without the last comma
            System.arraycopy(closing.getBytes(StandardCharsets.US_ASCII), 0, text, end, closing.length());
            return Arrays.copyOf(text, end + closing.length());
        }
    }

    /** An exchange whose failures have TinyID's form. */
    private static final class TinyIdExchange extends Exchange {

        private final Form form;

        TinyIdExchange(GuardedIssuer door, Form form, Request request, Response response, Callback callback) {
            super(door, "tinyid", request, response, callback);
            this.form = form;
        }

        @Override
        void refuse(RefusedRequestException why, Response to, Callback whenSent) {
            send(form, why, to, whenSent);
        }

        static void send(Form form, RefusedRequestException why, Response response, Callback callback) {
            String text = why.status() == HttpStatus.UNAUTHORIZED_401
                    ? form.failure(BAD_TOKEN, "token is error")
                    : form.failure(OTHER_FAILURE, String.valueOf(why.getMessage()));
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            Answers.send(response, form.representation.contentType(), body, callback);
        }

        void send(byte[] body) {
            send(form.representation.contentType(), body);
        }
    }

    /** What a call does after its token has been looked at. */
    private interface Step {
        void run(TinyIdExchange exchange, QueryParameters query, GuardedIssuer door);
    }

    private void answer(Form form, Request request, Response response, Callback callback, Step step) {
        QueryParameters query;
        GuardedIssuer door;
        try {
            PeerCalls.requireBody(request);
            query = QueryParameters.parse(request.getHttpURI().getQuery());
            door = namespace(query);
        } catch (RefusedRequestException e) {
            TinyIdExchange.send(form, e, response, callback);
            return;
        }
        TinyIdExchange exchange = new TinyIdExchange(door, form, request, response, callback);
        exchange.run(() -> {
            exchange.authorizeWith(query.value("token"));
            exchange.requireNoBody();
            step.run(exchange, query, door);
        });
    }

    private GuardedIssuer namespace(QueryParameters query) {
        String type = query.value("bizType").orElse("");
        GuardedIssuer door = namespaces.get(settings.types().getOrDefault(type, ""));
        if (door == null) {
            throw RefusedRequestException.badRequest(
                    "bizType must be one of those configured, got " + ErrorBody.quote(type));
        }
        return door;
    }

    private void issueIds(TinyIdExchange exchange, QueryParameters query, GuardedIssuer door) {
        int count = count(query);
        exchange.reserve(exchange.form.longest(count) + (long) Long.BYTES * count);
        exchange.issue(count, OptionalInt.empty(), ids -> exchange.send(exchange.form.list(ids, count)));
    }

    private int count(QueryParameters query) {
        String given = query.value("batchSize").orElse("");
        long count = given.isEmpty() ? 1 : IdRequest.number(given);
        if (count < 1) {
            throw RefusedRequestException.badRequest(
                    "batchSize must be a whole number of at least 1, got " + ErrorBody.quote(given));
        }
        return (int) Math.min(count, settings.maxBatch());
    }

    private void issueSegment(TinyIdExchange exchange, QueryParameters query, GuardedIssuer door) {
        if (!door.settings().leased()) {
            throw RefusedRequestException.badRequest("a segment can be asked for in leased mode only, and "
                    + door.settings().namespace() + " is recorded");
        }
        IdLayout layout = door.settings().layout();
        int most = (int) Math.min(1L << layout.sequenceBits(), door.settings().maxRange());
        exchange.issueRange(most, range -> {
            IdRange tick = longerTick(range);
            long before = tick.first() - 1;
            String text = exchange.form.segment(before, before + tick.count() / 5, tick.last());
            exchange.send(text.getBytes(StandardCharsets.US_ASCII));
        });
    }

    /** Returns the larger part of a range that lies in at most two ticks; the rest stays unused. */
    private static IdRange longerTick(IdRange range) {
        IdRange first = range.firstTick();
        IdRange rest = first.count() < range.count() ? range.part(first.count(), range.count()) : first;
        return rest.count() > first.count() ? rest : first;
    }
}
