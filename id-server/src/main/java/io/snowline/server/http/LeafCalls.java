package io.snowline.server.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.snowline.id.DecodedId;
import io.snowline.id.IdLayout;
import io.snowline.server.config.CompatibilitySettings;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Leaf's calls: an ID as plain digits by key, and what an ID contains. Failures have this server's own form and status,
 * where Leaf answers 500, or a body {@code 0} with 200.
 *
 * <p>Thread-safe.
 *
 * @see <a href="https://github.com/Meituan-Dianping/Leaf">Leaf</a>
 */
final class LeafCalls implements PeerCalls {

    private final CompatibilitySettings.Leaf settings;
    private final String snowflake;
    private final String segment;
    private final String decode;
    private final Map<String, GuardedIssuer> namespaces;
    private final DateTimeFormatter time;

    LeafCalls(CompatibilitySettings.Leaf settings, String root, Map<String, GuardedIssuer> namespaces) {
        this.settings = settings;
        this.snowflake = root + "/api/snowflake/get/";
        this.segment = root + "/api/segment/get/";
        this.decode = root + "/decodeSnowflakeId";
        this.namespaces = Map.copyOf(namespaces);
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT)
                .withZone(settings.zone());
    }

    @Override
    public @Nullable Call find(String path) {
        if (path.startsWith(snowflake)) {
            return byKey(path.substring(snowflake.length()));
        }
        if (settings.segments() && path.startsWith(segment)) {
            return byKey(path.substring(segment.length()));
        }
        return path.equals(decode) ? this::decode : null;
    }

    private Call byKey(String key) {
        GuardedIssuer door = Optional.ofNullable(settings.keys().get(key))
                .or(settings::others)
                .map(namespaces::get)
                .orElse(null);
        return door == null
                ? (request, response, callback) -> Answers.refuse(response, unknown(key), callback)
                : (request, response, callback) ->
                        issue(new Exchange(door, "leaf", request, response, callback), request);
    }

    private static RefusedRequestException unknown(String key) {
        return new RefusedRequestException(
                404, "the key must be one of those configured, got " + ErrorBody.quote(key), Map.of());
    }

    private static void issue(Exchange exchange, Request request) {
        exchange.run(() -> {
            PeerCalls.requireBody(request);
            exchange.authorize();
            exchange.requireNoBody();
            exchange.issue(
                    1,
                    OptionalInt.empty(),
                    ids -> exchange.send(
                            Representation.TEXT.contentType(),
                            Long.toString(ids[0]).getBytes(StandardCharsets.US_ASCII)));
        });
    }

    // ---- decoding ----

    /** Decodes with the layout of the namespace of all other keys, else of the first key: Leaf has one layout. */
    private void decode(Request request, Response response, Callback callback) {
        String namespace = settings.others()
                .orElseGet(() -> settings.keys().values().iterator().next());
        GuardedIssuer door = Objects.requireNonNull(namespaces.get(namespace));
        Exchange exchange = new Exchange(door, "leaf", request, response, callback);
        exchange.run(() -> {
            exchange.authorize();
            exchange.requireNoBody();
            String body = decoded(exchange, door.settings().layout());
            exchange.send(Representation.JSON.contentType(), body.getBytes(StandardCharsets.UTF_8));
        });
    }

    private String decoded(Exchange exchange, IdLayout layout) {
        try {
            String id = exchange.query()
                    .value("snowflakeId")
                    .orElseThrow(() -> RefusedRequestException.badRequest("snowflakeId must be given, got none"));
            return text(layout.decode(IdNotation.DECIMAL.parse(id)));
        } catch (RefusedRequestException | IllegalArgumentException e) {
            StringBuilder json = new StringBuilder("{\"errorMsg\":\"");
            JsonStringEncoder.getInstance().quoteAsString(String.valueOf(e.getMessage()), json);
            return json.append("\"}").toString();
        }
    }

    private String text(DecodedId id) {
        return "{\"timestamp\":\"%s(%s)\",\"sequenceId\":\"%s\",\"workerId\":\"%s\"}"
                .formatted(
                        Long.toString(id.timestamp().toEpochMilli()),
                        time.format(id.timestamp()),
                        Long.toString(id.sequence()),
                        Integer.toString(id.node()));
    }
}
